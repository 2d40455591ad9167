import Glibc
import RSOCheckpoints
import RSORuns
import RSOSystem

/// A file that a verb writes: complete or not at all, and never over an existing file by accident.
struct OutputFile {
  /// `-` is standard output.
  let path: String
  let replaces: Bool

  var isStandardOutput: Bool { path == "-" }

  /// Returns true if two paths name the same file, even if it does not exist.
  static func areOne(_ path: String, _ other: String) -> Bool {
    func place(_ path: String) -> String {
      let parent = Path.parent(of: Path.absolute(path))
      return Path.joined(FileSystem.resolved(parent) ?? parent, Path.name(of: path))
    }
    return place(path) == place(other)
  }

  /// *Throws:* `CommandError` if a file exists and must not be replaced, if something other than a file
  /// has the name, or if the directory is missing or cannot be written to.
  func check() throws {
    guard !isStandardOutput else { return }
    if let status = try? FileSystem.status(of: path, followingLinks: false) {
      // A symbolic link is replaced itself; its target stays as it is.
      guard [.file, .symbolicLink].contains(status.kind) else { throw CommandError.notAFile(path) }
      guard replaces else { throw CommandError.fileExists(path) }
    }
    guard !path.isEmpty, FileSystem.allows([.write, .execute], RunPaths(around: path).directory)
    else {
      let code = path.isEmpty ? ENOENT : errno
      throw CommandError.cannotWrite(path, reason: SystemError.text(of: code))
    }
  }

  /// Writes a file. See `Verb.write` for standard output.
  func write(_ bytes: [UInt8]) throws { try DurableFile.write(bytes, to: path) }
}
