import Foundation
import RSOCheckpoints
import RSONetworks
import RSOSearch

/// The checkpoints of a run directory.
package struct CheckpointStore: Sendable {
  package let paths: RunPaths
  package let retention: Retention
  private let files: CheckpointFiles
  /// Ends of cycles that could not be written when it was their time: the newest one, and the best.
  private var owedCycle: Checkpoint?
  private var owedBest: Checkpoint?

  package init(paths: RunPaths, retention: Retention = Retention(), files: CheckpointFiles) {
    self.paths = paths
    self.retention = retention
    self.files = files
  }

  // MARK: Saving

  /// Writes `last.h5`; at a cycle's end the cycle's file as well, and `best.h5` if it is the best so
  /// far. Older files go only when all are safely on the disk.
  ///
  /// After a failure the files that were there before still are, and the next save writes what this
  /// one owes.
  package mutating func save(_ checkpoint: Checkpoint) throws {
    if checkpoint.isCycleEnd {
      if owedCycle != nil || !hasFile(of: checkpoint) { owedCycle = checkpoint }
      if owedCycle == checkpoint, checkpoint.isBest { owedBest = checkpoint }
    }
    try saveCopies(checkpoint)
    prune()
  }

  private mutating func saveCopies(_ checkpoint: Checkpoint) throws {
    // `last.h5` first: it alone holds what no other file does.
    let bytes = try files.encode(checkpoint)
    try files.write(bytes, paths.last)
    if let owed = owedCycle {
      try files.write(
        owed == checkpoint ? bytes : try files.encode(owed), paths.cycle(owed.state.cursor.cycle))
      owedCycle = nil
    }
    if let owed = owedBest {
      try files.write(owed == checkpoint ? bytes : try files.encode(owed), paths.best)
      owedBest = nil
    }
  }

  /// Whether the cycle's file is there already, as it is where a run is resumed at a cycle's end.
  private func hasFile(of checkpoint: Checkpoint) -> Bool {
    let path = paths.cycle(checkpoint.state.cursor.cycle)
    guard let stored = try? files.read(path).checkpoint else { return false }
    return stored.plan == checkpoint.plan && stored.state == checkpoint.state
  }

  /// Removes what the retention does not keep. A file that is not what its name says is not ours to
  /// remove, and one that cannot be removed costs space only.
  private func prune() {
    for cycle in retention.superfluous(among: paths.cycles()) {
      let path = paths.cycle(cycle)
      guard let stored = try? files.read(path).checkpoint, stored.isCycleEnd,
        stored.state.cursor.cycle == cycle
      else { continue }
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  // MARK: Finding

  /// The checkpoint that lies furthest on in the run, by its stored position, of those that can be
  /// used; and those that cannot.
  ///
  /// *Throws:* `RunError.noUsableCheckpoint`, `RunError.noRun`.
  package func newest() throws -> (StoredCheckpoint, unreadable: [UnreadableCheckpoint]) {
    let candidates = paths.checkpoints()
    guard !candidates.isEmpty else { throw RunError.noRun(path: paths.directory) }
    var newest: (stored: StoredCheckpoint, place: [Int])?
    var unreadable: [UnreadableCheckpoint] = []
    for path in candidates {
      do {
        let stored = try files.read(path)
        let place = try stored.checkpoint.place()
        // Of equals the first: `last.h5`.
        if newest.map({ $0.place.lexicographicallyPrecedes(place) }) ?? true {
          newest = (stored, place)
        }
      } catch {
        unreadable.append(UnreadableCheckpoint(path: path, reason: "\(error)"))
      }
    }
    guard let newest else {
      throw RunError.noUsableCheckpoint(directory: paths.directory, unreadable: unreadable)
    }
    return (newest.stored, unreadable)
  }
}

extension Checkpoint {
  /// Whether it stands between two cycles, or at the beginning of the run.
  package var isCycleEnd: Bool { (try? place())?[1] == 0 }

  /// Whether no earlier cycle has as high a test accuracy as the last.
  var isBest: Bool {
    guard let last = history.last else { return false }
    return history.dropLast().allSatisfy { $0.testAccuracy < last.testAccuracy }
  }

  /// Finished cycles, and steps done in the cycle under way.
  private func place() throws -> [Int] {
    let order = SearchOrder(try StageGraph(plan.architecture).layout)
    try state.validate(order: order)
    return [state.cursor.cycle, order.stepsInCycle(before: state.cursor)]
  }
}
