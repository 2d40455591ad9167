import Foundation
import RSOCheckpoints

/// A run directory that this process alone writes to, as long as the value lives.
package struct RunDirectory: ~Copyable {
  package let paths: RunPaths
  private let lock: RunLock

  /// Makes the directory of a new run. One that is there must be empty, but for the lock of a run
  /// that never began.
  package static func create(at path: String) throws -> RunDirectory {
    let files = FileManager.default
    var isDirectory: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isDirectory) {
      let content = isDirectory.boolValue ? try files.contentsOfDirectory(atPath: path) : [path]
      guard content.allSatisfy({ $0 == "lock" }) else { throw RunError.directoryExists(path: path) }
    } else {
      try files.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    return try RunDirectory(RunPaths(directory: path))
  }

  /// Takes up a run, and removes what a killed process left half written.
  package static func open(at path: String) throws -> RunDirectory {
    let paths = RunPaths(directory: path)
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw RunError.system(operation: "open", path: path, code: ENOENT)
    }
    guard isDirectory.boolValue else { throw RunError.notDirectory(path: path) }
    guard !paths.checkpoints().isEmpty else { throw RunError.noRun(path: path) }
    let directory = try RunDirectory(paths)
    try DurableFile.sweepTemporaries(in: path)
    return directory
  }

  private init(_ paths: RunPaths) throws {
    lock = try RunLock(path: paths.lock, directory: paths.directory)
    self.paths = paths
  }
}
