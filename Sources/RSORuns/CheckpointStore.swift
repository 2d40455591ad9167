import Foundation
import RSOCheckpoints
import RSOSystem

/// The checkpoints of a run directory.
package struct CheckpointStore: Sendable {
  /// The checkpoint that lies furthest on in a run, and those that could not be used.
  package struct Newest: Sendable {
    package var stored: SealedCheckpoint
    package var path: String
    package var unreadable: [UnreadableCheckpoint]

    /// *Throws:* `RunError.undecided` where another file may hold a later state: a run that goes on
    /// here would overwrite it.
    package func requireCertainty() throws {
      guard let file = unreadable.first(where: \.mayBeGood) else { return }
      throw RunError.undecided(path: file.path, reason: file.reason)
    }
  }

  package let paths: RunPaths
  package let retention: Retention
  private let calls: FileCalls
  /// Ends of cycles that could not be written when it was their time: the newest one, and the best.
  private var owedCycle: Checkpoint?
  private var owedBest: Checkpoint?
  /// Whether this value has looked for what a process that was killed has left owing.
  private var knowsBest = false

  package init(
    paths: RunPaths, retention: Retention = Retention(), calls: FileCalls = .system
  ) {
    self.paths = paths
    self.retention = retention
    self.calls = calls
  }

  /// Writes `last.h5` and its copy; at a cycle's end the cycle's file as well, and `best.h5` if it is
  /// the best so far. Older files go only when all are safely on the disk.
  ///
  /// After a failure the files that were there before still are, and the next save writes what this
  /// one owes.
  ///
  /// *Throws:* `RunError.savedInPart` when `last.h5` is on the disk and another file is not;
  /// `CheckpointError` when nothing is.
  package mutating func save(_ checkpoint: Checkpoint) throws {
    if checkpoint.isCycleEnd, !hasFile(of: checkpoint) {
      owedCycle = checkpoint
      if checkpoint.isBest { (owedBest, knowsBest) = (checkpoint, true) }
    }
    if !knowsBest { (owedBest, knowsBest) = (missingBest(of: checkpoint), true) }
    // `last.h5` first: it holds what no other file does.
    let bytes = try CheckpointWriter.encode(checkpoint)
    try write(bytes, to: paths.last)
    do {
      try saveCopies(of: checkpoint, bytes)
    } catch {
      throw RunError.savedInPart(path: paths.last, reason: "\(error)")
    }
    prune()
  }

  /// Whether a file is missing that the end of a run has: a process may have been killed when `last.h5`
  /// was written and the others were not.
  package func lacksFiles(of end: Checkpoint) -> Bool {
    !lacking(of: end).isEmpty || missingBest(of: end) != nil
  }

  /// Writes the files that the end of a run has and this one lacks. What is there and can be read stays as
  /// it is.
  package func completeFiles(of end: Checkpoint) throws {
    let bytes = try CheckpointWriter.encode(end)
    for path in lacking(of: end) { try write(bytes, to: path) }
    if let best = missingBest(of: end) {
      try write(CheckpointWriter.encode(best), to: paths.best)
    }
  }

  /// Where `end` belongs and there is nothing that can be read, or an earlier state of the run.
  private func lacking(of end: Checkpoint) -> [String] {
    let states = [paths.last, paths.lastCopy].filter { path in
      guard let file = stored(at: path) else { return true }
      return file.provenance.runID == end.provenance.runID
        && file.state.cursor.cycle < end.state.cursor.cycle
    }
    let cycle = paths.cycle(end.state.cursor.cycle)
    return states + (stored(at: cycle) == nil ? [cycle] : [])
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

  /// The checkpoint that lies furthest on in the run, by its stored position, of those that can be
  /// used. One of another run cannot.
  ///
  /// *Throws:* `RunError.noUsableCheckpoint`; what `files()` does.
  package func newest() throws -> Newest {
    let candidates = try files()
    var newest: (stored: SealedCheckpoint, path: String, place: [Int])?
    var unreadable: [UnreadableCheckpoint] = []
    for path in candidates {
      do {
        let stored = try CheckpointReader.read(path)
        let place = try stored.checkpoint.place()
        // The first good one says whose directory it is.
        let run = newest?.stored.checkpoint.provenance.runID
        guard run == nil || run == stored.checkpoint.provenance.runID else {
          throw RunError.otherRun(path: path, of: newest?.path ?? "")
        }
        // Of equals the first: `last.h5`.
        if newest.map({ $0.place.lexicographicallyPrecedes(place) }) ?? true {
          newest = (stored, path, place)
        }
      } catch {
        // The run that goes on here has removed it meanwhile.
        guard FileManager.default.fileExists(atPath: path) else { continue }
        unreadable.append(UnreadableCheckpoint(path: path, error: error))
      }
    }
    guard let newest else {
      throw RunError.noUsableCheckpoint(directory: paths.directory, unreadable: unreadable)
    }
    return Newest(stored: newest.stored, path: newest.path, unreadable: unreadable)
  }

  /// The checkpoint files that are there, at least one.
  ///
  /// *Throws:* `RunError.noRun`; `RunError.system` for a directory that may not be looked into.
  func files() throws -> [String] {
    let files = paths.checkpoints()
    guard files.isEmpty else { return files }
    try paths.requireAccess()
    throw RunError.noRun(path: paths.directory)
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try DurableFile.write(bytes, to: path, calls: calls)
  }

  /// Whether the cycle's file is there already, as it is where a run is resumed at a cycle's end.
  private func hasFile(of checkpoint: Checkpoint) -> Bool {
    guard let stored = stored(at: paths.cycle(checkpoint.state.cursor.cycle)) else { return false }
    return stored.plan == checkpoint.plan && stored.state == checkpoint.state
  }

  /// The best cycle's state, from that cycle's file, where `best.h5` does not hold it: the run may
  /// have been killed after the one was written and before the other was.
  private func missingBest(of checkpoint: Checkpoint) -> Checkpoint? {
    guard let cycle = checkpoint.history.best?.cycle else { return nil }
    func holdsBest(_ file: Checkpoint) -> Bool {
      file.provenance.runID == checkpoint.provenance.runID && file.isCycleEnd
        && file.state.cursor.cycle == cycle
    }
    if let best = stored(at: paths.best), holdsBest(best) { return nil }
    return stored(at: paths.cycle(cycle)).flatMap { holdsBest($0) ? $0 : nil }
  }

  private func stored(at path: String) -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try? CheckpointReader.read(path).checkpoint
  }

  /// Removes what the retention does not keep, once the newest cycle's file is known to be good. A
  /// file that is not what its name says is not ours to remove, and one that cannot be removed costs
  /// space only.
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
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
