import RSOCheckpoints
import RSORuns

/// The checkpoint that `rso resume PATH` continues from.
struct ResumeSource {
  /// The run directory; for a checkpoint outside a run, the directory that contains the file.
  let run: String
  let found: FoundCheckpoint

  var stored: SealedCheckpoint { found.stored }

  /// - Parameter inPlace: The run continues in its own directory. Only its newest checkpoint may do
  ///   that: an older one would overwrite the later states.
  ///
  /// *Throws:* `CommandError.outsideRun`, `.notNewest`; `RunError.undecided` if a file that cannot be
  /// read may hold a later state; the errors of `FoundCheckpoint`.
  init(path: String, inPlace: Bool) throws {
    found = try FoundCheckpoint(path)
    if case .directory(let directory) = try ArgumentPath(path) {
      run = directory
      if inPlace { try found.search?.requireCertainty() }
      return
    }
    run = RunPaths(around: found.path).directory
    if inPlace { try requireNewest() }
  }

  private func requireNewest() throws {
    let paths = RunPaths(directory: run)
    let name = Self.name(of: found.path)
    guard paths.checkpoints().contains(where: { Self.name(of: $0) == name }) else {
      throw CommandError.outsideRun(checkpoint: found.path)
    }
    let newest = try CheckpointStore(paths: paths).newest()
    try newest.requireCertainty()
    guard newest.stored.stateSHA256 == stored.stateSHA256 else {
      throw CommandError.notNewest(checkpoint: found.path, newest: newest.path)
    }
  }

  /// Opens and locks the run directory, if no process has continued the run since it was read.
  ///
  /// *Throws:* `CommandError.changedMeanwhile`; `RunError` if the directory is in use.
  func open(locking: Locking) throws -> RunDirectory {
    let directory = try RunDirectory.open(at: run, locking: locking)
    let newest = try CheckpointStore(paths: directory.paths).newest()
    try newest.requireCertainty()
    guard newest.stored.stateSHA256 == stored.stateSHA256 else {
      throw CommandError.changedMeanwhile(run: run)
    }
    return directory
  }

  private static func name(of path: String) -> Substring {
    path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  }
}
