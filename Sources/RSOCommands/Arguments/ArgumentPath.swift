import RSORuns
import RSOSystem

/// The place that an argument on the command line names.
package enum ArgumentPath: Sendable, Equatable {
  /// A directory that exists.
  case directory(String)
  /// Any other path. The file may be missing.
  case file(String)

  /// Resolves `RUN@40`, `RUN@best` and `RUN@last` to a file of the run directory `RUN`. A file or
  /// directory that exists under the name as it was typed comes first.
  ///
  /// *Throws:* `CommandError.noSuchCycle` for a cycle without a checkpoint; `RunError.system` for a
  /// run directory that cannot be read.
  package init(_ argument: String) throws {
    if FileSystem.isDirectory(argument) {
      self = .directory(argument)
      return
    }
    self = .file(argument)
    guard !FileSystem.exists(argument), let at = argument.lastIndex(of: "@") else { return }
    let directory = String(argument[..<at])
    guard FileSystem.isDirectory(directory) else { return }
    let paths = RunPaths(directory: directory)
    switch argument[argument.index(after: at)...] {
    case "best": self = .file(paths.best)
    case "last": self = .file(paths.last)
    case let text:
      guard let cycle = Int(text), cycle >= 0 else { return }
      guard paths.cycles().contains(cycle) else {
        try paths.requireAccess()
        throw CommandError.noSuchCycle(run: directory, cycle: cycle, paths.cycles())
      }
      self = .file(paths.cycle(cycle))
    }
  }

  /// True for a directory with checkpoints.
  var isRun: Bool {
    if case .directory(let path) = self {
      !RunPaths(directory: path).checkpoints().isEmpty
    } else {
      false
    }
  }

  /// The path of the file or directory.
  package var path: String {
    switch self {
    case .directory(let path), .file(let path): path
    }
  }
}
