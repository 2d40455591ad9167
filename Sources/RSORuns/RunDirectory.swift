import Foundation
import RSOCheckpoints
import RSOSystem

/// A run directory that this process alone writes to, as long as the value lives.
package struct RunDirectory: ~Copyable {
  package let paths: RunPaths
  private let lock: RunLock

  /// Makes the directory of a new run. One that is there must be empty, but for what a run leaves
  /// that never began.
  package static func create(at path: String) throws -> RunDirectory {
    let files = FileManager.default
    var isDirectory: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isDirectory) {
      guard isDirectory.boolValue else { throw RunError.directoryExists(path: path, isRun: false) }
      try requireUnused(path)
    } else {
      try makeDirectory(at: path)
    }
    let directory = try RunDirectory(RunPaths(directory: path))
    // Another process may have begun, and even ended, between the look and the lock.
    try requireUnused(path)
    try DurableFile.sweepTemporaries(in: path)
    return directory
  }

  /// A run that was killed before its first save leaves a lock, and what it had begun to write.
  private static func requireUnused(_ path: String) throws {
    let leftovers = Set(try DurableFile.temporaries(in: path) + ["lock"])
    guard try FileManager.default.contentsOfDirectory(atPath: path).allSatisfy(leftovers.contains)
    else {
      let isRun = !RunPaths(directory: path).checkpoints().isEmpty
      throw RunError.directoryExists(path: path, isRun: isRun)
    }
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

  /// Takes the run that a file lies in, if it lies in one.
  package static func open(around file: String) throws -> RunDirectory? {
    let paths = RunPaths(around: file)
    guard FileManager.default.fileExists(atPath: paths.lock) else { return nil }
    return try RunDirectory(paths)
  }

  private init(_ paths: RunPaths) throws {
    lock = try RunLock(path: paths.lock, directory: paths.directory)
    self.paths = paths
  }
}
