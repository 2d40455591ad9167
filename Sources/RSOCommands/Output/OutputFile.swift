import Foundation
import RSOCheckpoints
import RSORuns
import RSOSystem

/// A file that a verb writes: whole or not at all, and never over another one by accident.
struct OutputFile {
  /// `-` is standard output.
  let path: String
  let replaces: Bool

  var isStandardOutput: Bool { path == "-" }

  /// Whether two paths lead to one place, by their directories and names.
  static func areOne(_ path: String, _ other: String) -> Bool {
    func place(_ path: String) -> String {
      let url = URL(fileURLWithPath: path)
      return url.deletingLastPathComponent().resolvingSymlinksInPath().standardizedFileURL
        .appendingPathComponent(url.lastPathComponent).path
    }
    return place(path) == place(other)
  }

  /// *Throws:* `CommandError` where a file is in the way, or something that is not a file, or where
  /// there is no directory for it.
  func check() throws {
    guard !isStandardOutput else { return }
    var status = stat()
    if lstat(path, &status) == 0 {
      // What a symbolic link leads to stays as it is; the link itself gives way.
      guard [S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT) else {
        throw CommandError.notAFile(path)
      }
      guard replaces else { throw CommandError.fileExists(path) }
    }
    guard !path.isEmpty, access(RunPaths(around: path).directory, W_OK | X_OK) == 0 else {
      throw CommandError.cannotWrite(path, reason: systemText(path.isEmpty ? ENOENT : errno))
    }
  }

  func write(_ bytes: [UInt8]) throws {
    guard isStandardOutput else { return try DurableFile.write(bytes, to: path) }
    try answer(bytes)
  }
}
