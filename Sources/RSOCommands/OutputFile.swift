import Foundation
import RSOCheckpoints
import RSORuns

/// A file that a verb writes: whole or not at all, and never over another one by accident.
struct OutputFile {
  /// `-` is standard output.
  let path: String
  let replaces: Bool

  var isStandardOutput: Bool { path == "-" }

  /// *Throws:* `CommandError` where a file is in the way, or something that is not a file, or where
  /// there is no directory for it.
  func check() throws {
    guard !isStandardOutput else { return }
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard stat(RunPaths(around: path).directory, &status) == 0 else {
        throw CommandError.cannotWrite(path, reason: systemText(errno))
      }
      return
    }
    // What a symbolic link leads to stays as it is; the link itself gives way.
    guard [S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT) else {
      throw CommandError.notAFile(path)
    }
    guard replaces else { throw CommandError.fileExists(path) }
  }

  func write(_ bytes: [UInt8]) throws {
    guard isStandardOutput else { return try DurableFile.write(bytes, to: path) }
    try answer(bytes)
  }
}
