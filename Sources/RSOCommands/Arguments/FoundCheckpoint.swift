import RSOCheckpoints
import RSORuns

/// The checkpoint that an argument names, and the files that were skipped to find it.
///
/// It takes no lock, so a run in progress can be read.
package struct FoundCheckpoint {
  /// Which checkpoint of a run directory is taken.
  package enum Choice {
    /// The readable checkpoint with the latest position in the run.
    case newest
    /// `last.h5`; if it cannot be read, the newest.
    case last
  }

  /// The file.
  package let path: String
  package let stored: SealedCheckpoint
  /// The search in a run directory; nil where the argument names a file, or `last.h5` sufficed.
  let search: CheckpointStore.Newest?

  /// Finds the checkpoint of `argument`: a file; a run directory; or `RUN@40`, the state after cycle
  /// 40, `RUN@best` or `RUN@last`.
  ///
  /// *Throws:* `CommandError`, `CheckpointError`; `RunError` if a run directory has no readable
  /// checkpoint.
  package init(_ argument: String, choosing choice: Choice = .newest) throws {
    switch try ArgumentPath(argument) {
    case .file(let file):
      self.init(path: file, stored: try CheckpointReader.read(file))
    case .directory(let run):
      try self.init(run: run, choosing: choice)
    }
  }

  private init(run: String, choosing choice: Choice) throws {
    let paths = RunPaths(directory: run)
    if choice == .last, let last = try? CheckpointReader.read(paths.last) {
      self.init(path: paths.last, stored: last)
    } else {
      let newest = try CheckpointStore(paths: paths).newest()
      self.init(path: newest.path, stored: newest.stored, search: newest)
    }
  }

  /// A checkpoint that was read already.
  package init(path: String, stored: SealedCheckpoint, search: CheckpointStore.Newest? = nil) {
    self.path = path
    self.stored = stored
    self.search = search
  }

  /// The position in the run, in words: `after 12 cycles and 40 steps`.
  package func extent() throws -> String {
    let position = try stored.checkpoint.position()
    return Numbers.place(cycles: position.cycles, steps: position.steps)
  }

  /// One line for each file that was skipped, and one that says which file is used instead of
  /// `last.h5`, which in a run in progress may be any that was just written.
  package func warnings(inProgress: Bool = false) throws -> [String] {
    guard let search else { return [] }
    var lines = search.unreadable.map(\.reason)
    if !inProgress, path != RunPaths(around: path).last {
      lines.append("using \(quotedPath(path)), \(try extent())")
    }
    return lines
  }
}
