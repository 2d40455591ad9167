import Foundation
import RSOCheckpoints
import RSOSystem

/// The directory of a sweep, which this process alone works in as long as the value lives. Its runs
/// have locks of their own.
package struct SweepDirectory: ~Copyable {
  package let paths: SweepPaths
  private let lock: RunLock

  /// Takes the directory, or makes it.
  ///
  /// *Throws:* `RunError.notSweep` where something else is in the way; `RunError.inUse`.
  package static func take(at path: String) throws -> SweepDirectory {
    let paths = SweepPaths(directory: path)
    let files = FileManager.default
    var isDirectory: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isDirectory) {
      guard isDirectory.boolValue else { throw RunError.notSweep(path: path) }
      // A sweep that was killed before it began leaves a lock, and what it had begun to write.
      let leftovers = Set(try DurableFile.temporaries(in: path) + ["lock"])
      let isUnused = try files.contentsOfDirectory(atPath: path).allSatisfy(leftovers.contains)
      guard isUnused || files.fileExists(atPath: paths.definition) else {
        throw RunError.notSweep(path: path)
      }
    } else {
      try makeDirectory(at: path)
    }
    let directory = SweepDirectory(
      paths: paths, lock: try RunLock(path: paths.lock, directory: path))
    try DurableFile.sweepTemporaries(in: path)
    return directory
  }

  private init(paths: SweepPaths, lock: consuming RunLock) {
    self.paths = paths
    self.lock = lock
  }
}
