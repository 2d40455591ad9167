internal import Glibc
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

  /// The longest wait, in seconds, for another process to write the definition.
  private static let patience = 60.0
  private static let mostBytes = 64 << 20

  /// Prepares the directory for a process that trains a part of the sweep while others may train other
  /// parts: creates it, and writes the definition unless it is there. The directory is locked only
  /// meanwhile.
  ///
  /// - Parameter definition: The content of the file that describes the whole sweep.
  ///
  /// *Throws:* as `take`; `DurableFileError`.
  package static func join(
    at path: String, definition: [UInt8], locking: Locking = Locking(),
    clock: RunClock = .system
  ) throws -> SweepPaths {
    let paths = SweepPaths(directory: path)
    let end = clock.elapsed() + patience
    while true {
      do {
        let directory = try take(at: path, locking: locking)
        try withExtendedLifetime(directory) {
          let found = try? InputFile.contents(of: paths.definition, maximumBytes: mostBytes)
          if found != definition { try DurableFile.write(definition, to: paths.definition) }
        }
        return paths
      } catch let error as RunError {
        // The process that has it writes the definition, or has written it.
        guard case .inUse = error else { throw error }
        if FileSystem.exists(paths.definition) { return paths }
        guard clock.elapsed() < end else { throw error }
        usleep(20_000)
      }
    }
  }

  private init(paths: SweepPaths, lock: consuming RunLock) {
    self.paths = paths
    self.lock = lock
  }
}
