import Foundation
import RSOCheckpoints
import RSORuns

/// A checkpoint as it is named on the command line: a file; a run directory, which means its newest
/// state that can be read; `RUN@40`, the state after cycle 40; `RUN@best` or `RUN@last`.
///
/// Nothing is locked: a run in progress may be looked at.
struct CheckpointArgument {
  let path: String
  let stored: SealedCheckpoint
  /// Newer ones of the run that cannot be read.
  var unreadable: [UnreadableCheckpoint] = []

  init(_ argument: String) throws {
    if Self.isDirectory(argument) {
      let newest = try CheckpointStore(paths: RunPaths(directory: argument)).newest()
      (path, stored, unreadable) = (newest.path, newest.stored, newest.unreadable)
      return
    }
    path = try Self.file(argument)
    stored = try CheckpointReader.read(path)
  }

  /// Says which newer files were passed over.
  func warn(program: String) {
    for checkpoint in unreadable {
      StandardStreams.say("\(program): warning: \(checkpoint.reason)")
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }

  /// The file that an argument other than a directory names.
  static func file(_ argument: String) throws -> String {
    guard !FileManager.default.fileExists(atPath: argument),
      let at = argument.lastIndex(of: "@"), isDirectory(String(argument[..<at]))
    else { return argument }
    let paths = RunPaths(directory: String(argument[..<at]))
    switch argument[argument.index(after: at)...] {
    case "best": return paths.best
    case "last": return paths.last
    case let text:
      guard let cycle = Int(text), cycle >= 0 else { return argument }
      guard paths.cycles().contains(cycle) else {
        try paths.requireAccess()
        throw CommandError.noSuchCycle(run: paths.directory, cycle: cycle, paths.cycles())
      }
      return paths.cycle(cycle)
    }
  }
}
