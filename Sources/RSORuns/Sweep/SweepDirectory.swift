import RSOCheckpoints
import RSOSystem

/// The directory of a sweep, which this process alone works in as long as the value lives. Each run of
/// the sweep has a lock of its own.
package struct SweepDirectory: ~Copyable {
  package let paths: SweepPaths
  private let lock: RunLock

  /// The directory is locked. False where its file system has no locks and none is required.
  package var isLocked: Bool { lock.isHeld }

  /// Locks the directory; creates it if it does not exist.
  ///
  /// *Throws:* `RunError.notSweep` if the path is something else; `RunError.inUse`, `.noLocks`,
  /// `.system`.
  package static func take(at path: String, locking: Locking = Locking()) throws -> SweepDirectory {
    let paths = SweepPaths(directory: path)
    if FileSystem.exists(path) {
      guard FileSystem.isDirectory(path) else { throw RunError.notSweep(path: path) }
      let isUnused = try RunDirectory.holdsLeftoversOnly(path)
      guard isUnused || FileSystem.exists(paths.definition) else {
        throw RunError.notSweep(path: path)
      }
    } else {
      do { try FileSystem.makeDirectories(path) } catch { throw RunError.system(error) }
    }
    let lock = try RunLock(path: paths.lock, directory: path, locking: locking)
    let directory = SweepDirectory(paths: paths, lock: lock)
    try DurableFile.sweepTemporaries(in: path)
    return directory
  }

  private init(paths: SweepPaths, lock: consuming RunLock) {
    self.paths = paths
    self.lock = lock
  }
}
