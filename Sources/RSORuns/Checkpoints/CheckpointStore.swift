import RSOCheckpoints
import RSOSearch
import RSOSystem

/// The checkpoints of a run directory.
package struct CheckpointStore: Sendable {
  package let paths: RunPaths
  /// The directory in which the run was before, if it goes on in another one.
  private let earlier: RunPaths?
  package let retention: Retention
  private let calls: FileCalls
  /// Ends of cycles that could not be written in time: the newest one, and the best one.
  private var owedCycle: Checkpoint?
  private var owedBest: Checkpoint?
  /// True after this value has looked for a best checkpoint that a killed process did not write.
  private var knowsBest = false

  package init(
    paths: RunPaths, earlier: RunPaths? = nil, retention: Retention = Retention(),
    calls: FileCalls = .system
  ) {
    self.paths = paths
    self.earlier = earlier
    self.retention = retention
    self.calls = calls
  }

  // MARK: Saving

  /// Writes `last.h5` and its copy. At the end of a cycle it also writes the cycle's file, and `best.h5`
  /// if no earlier cycle was better. Older files are removed only when all of these are on the disk.
  ///
  /// After a failure the files that were there before still are. The next save writes what this one
  /// did not.
  ///
  /// *Throws:* `RunError.savedInPart` if `last.h5` is on the disk and another file is not;
  /// `DurableFileError` or `CheckpointError` if nothing is.
  package mutating func save(_ checkpoint: Checkpoint) throws {
    if checkpoint.isCycleEnd, !hasFile(of: checkpoint) {
      owedCycle = checkpoint
      if checkpoint.isBest { (owedBest, knowsBest) = (checkpoint, true) }
    }
    if !knowsBest {
      (owedBest, knowsBest) = (missingBest(of: checkpoint, by: checkpoint.criterion), true)
    }
    // `last.h5` is first because it holds what no other file does.
    let bytes = try CheckpointWriter.encode(checkpoint)
    try write(bytes, to: paths.last)
    do {
      try saveCopies(of: checkpoint, bytes)
    } catch {
      throw RunError.savedInPart(path: paths.last, reason: "\(error)")
    }
    prune()
  }

  private mutating func saveCopies(of checkpoint: Checkpoint, _ bytes: [UInt8]) throws {
    try write(bytes, to: paths.lastCopy)
    if let owed = owedCycle {
      try write(
        owed == checkpoint ? bytes : CheckpointWriter.encode(owed),
        to: paths.cycle(owed.state.cursor.cycle))
      owedCycle = nil
    }
    if let owed = owedBest {
      try write(owed == checkpoint ? bytes : CheckpointWriter.encode(owed), to: paths.best)
      owedBest = nil
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try DurableFile.write(bytes, to: path, calls: calls)
  }

  /// Returns true if the cycle's file exists already, as it does when a run is resumed at the end of a
  /// cycle.
  private func hasFile(of checkpoint: Checkpoint) -> Bool {
    guard let stored = stored(at: paths.cycle(checkpoint.state.cursor.cycle)) else { return false }
    return stored.plan == checkpoint.plan && stored.state == checkpoint.state
  }

  /// Removes the files that the retention does not keep, if the newest cycle's file is good. A file
  /// that does not hold what its name says is left alone. A file that cannot be removed stays.
  private func prune() {
    let cycles = paths.cycles()
    let superfluous = retention.superfluous(among: cycles)
    guard !superfluous.isEmpty, let newest = cycles.last,
      (try? CheckpointReader.read(paths.cycle(newest))) != nil
    else { return }
    for cycle in superfluous {
      let path = paths.cycle(cycle)
      guard let stored = try? CheckpointReader.read(path).checkpoint, stored.isCycleEnd,
        stored.state.cursor.cycle == cycle
      else { continue }
      try? FileSystem.remove(path)
    }
  }

  // MARK: Missing files

  /// Returns true if a file is missing that a finished run has. A process may have been killed after it
  /// wrote `last.h5` and before it wrote the others.
  package func lacksFiles(of end: SealedCheckpoint) -> Bool {
    !lacking(of: end).isEmpty || missingBest(of: end.checkpoint, by: end.criterion) != nil
  }

  /// Writes the files that a finished run has and this one lacks. A file that can be read stays as it
  /// is.
  package func completeFiles(of end: SealedCheckpoint) throws {
    let bytes = try CheckpointWriter.encode(end.checkpoint)
    for path in lacking(of: end) { try write(bytes, to: path) }
    if let best = missingBest(of: end.checkpoint, by: end.criterion) {
      try write(CheckpointWriter.encode(best), to: paths.best)
    }
  }

  /// The paths that should hold `end`, but hold nothing readable or an earlier state of the run.
  private func lacking(of end: SealedCheckpoint) -> [String] {
    let finished = end.checkpoint.state.cursor.cycle
    let states = [paths.last, paths.lastCopy].filter { path in
      if isFile(at: path, of: end) { return false }
      guard let file = stored(at: path) else { return true }
      return file.provenance.runID == end.checkpoint.provenance.runID
        && file.state.cursor.cycle < finished
    }
    let cycle = paths.cycle(finished)
    return states + (isFile(at: cycle, of: end) || stored(at: cycle) != nil ? [] : [cycle])
  }

  /// Returns true if a file has the same bytes as the file that `sealed` was read from.
  private func isFile(at path: String, of sealed: SealedCheckpoint) -> Bool {
    (try? CheckpointReader.identity(path))?.sha256 == sealed.userBlock.sha256
  }

  /// The best cycle's state, read from that cycle's file or the run's earlier directory, if `best.h5` does not hold
  /// it. A process may have been killed after it wrote the one and before it wrote the other.
  private func missingBest(of checkpoint: Checkpoint, by criterion: Criterion) -> Checkpoint? {
    guard let cycle = checkpoint.history.best(by: criterion)?.cycle else { return nil }
    func holdsBest(_ file: Checkpoint) -> Bool {
      file.provenance.runID == checkpoint.provenance.runID && file.isCycleEnd
        && file.state.cursor.cycle == cycle
    }
    if let best = stored(at: paths.best), holdsBest(best) { return nil }
    let others = [paths.cycle(cycle)] + (earlier.map { [$0.best, $0.cycle(cycle)] } ?? [])
    return others.lazy.compactMap { stored(at: $0) }.first(where: holdsBest)
  }

  private func stored(at path: String) -> Checkpoint? {
    guard FileSystem.exists(path) else { return nil }
    return try? CheckpointReader.read(path).checkpoint
  }
}
