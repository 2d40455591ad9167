internal import Glibc
import RSOCheckpoints
import RSOSystem

/// A run directory that this process alone writes to, as long as the value lives.
package struct RunDirectory: ~Copyable {
  package let paths: RunPaths
  private let lock: RunLock

  /// The directory is locked. False where its file system has no locks and none is required.
  package var isLocked: Bool { lock.isHeld }

  /// Makes the directory of a new run. An existing directory must be empty, except for the
  /// leftovers of a run that never began.
  ///
  /// *Throws:* `RunError.directoryExists`, `.inUse`, `.noLocks`, `.system`.
  package static func create(at path: String, locking: Locking = Locking()) throws -> RunDirectory {
    if FileSystem.exists(path) {
      guard FileSystem.isDirectory(path) else {
        throw RunError.directoryExists(path: path, isRun: false)
      }
      try requireUnused(path)
    } else {
      do { try FileSystem.makeDirectories(path) } catch { throw RunError.system(error) }
    }
    let directory = try RunDirectory(RunPaths(directory: path), locking)
    // Another process may have begun, and even ended, before the lock was taken.
    try requireUnused(path)
    try DurableFile.sweepTemporaries(in: path)
    return directory
  }

  /// A run that was killed before its first save leaves a lock, and what it had begun to write.
  private static func requireUnused(_ path: String) throws {
    guard try holdsLeftoversOnly(path) else {
      let isRun = !RunPaths(directory: path).checkpoints().isEmpty
      throw RunError.directoryExists(path: path, isRun: isRun)
    }
  }

  /// Returns true if a directory holds nothing, or only what a process leaves that was killed before it
  /// saved anything.
  static func holdsLeftoversOnly(_ path: String) throws -> Bool {
    let leftovers = Set(try DurableFile.temporaries(in: path) + ["lock"])
    do {
      return try FileSystem.names(in: path).allSatisfy(leftovers.contains)
    } catch {
      throw RunError.system(error)
    }
  }

  /// Locks a run directory, and removes the unfinished files of a killed process.
  ///
  /// *Throws:* `RunError.noRun`, `.notDirectory`, `.inUse`, `.noLocks`, `.system`.
  package static func open(at path: String, locking: Locking = Locking()) throws -> RunDirectory {
    let paths = RunPaths(directory: path)
    guard FileSystem.exists(path) else {
      throw RunError.system(SystemError(operation: .open, path: path, code: ENOENT))
    }
    guard FileSystem.isDirectory(path) else { throw RunError.notDirectory(path: path) }
    guard !paths.checkpoints().isEmpty else { throw RunError.noRun(path: path) }
    let directory = try RunDirectory(paths, locking)
    try DurableFile.sweepTemporaries(in: path)
    return directory
  }

  /// Returns true if another process writes to the run directory.
  package static func isInUse(at path: String, locking: Locking = Locking()) -> Bool {
    RunLock.isTaken(RunPaths(directory: path).lock, locking: locking)
  }

  /// Locks the run directory that a file is in. Returns nil if the file is in none.
  ///
  /// *Throws:* `RunError.inUse`, `.noLocks`, `.system`.
  package static func open(
    around file: String, locking: Locking = Locking()
  ) throws -> RunDirectory? {
    let paths = RunPaths(around: file)
    guard FileSystem.exists(paths.lock) else { return nil }
    return try RunDirectory(paths, locking)
  }

  private init(_ paths: RunPaths, _ locking: Locking) throws {
    lock = try RunLock(path: paths.lock, directory: paths.directory, locking: locking)
    self.paths = paths
  }
}
