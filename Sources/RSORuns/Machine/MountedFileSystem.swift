import RSOSystem

/// The file system that a path is on, as proc(5) describes it.
package struct MountedFileSystem: Sendable, Hashable {
  /// `ext4`, `nfs4`, `fuse.sshfs`.
  package var kind: String
  /// The directory at which it is mounted.
  package var place: String
  package var isReadOnly: Bool

  package init(kind: String, place: String, isReadOnly: Bool) {
    self.kind = kind
    self.place = place
    self.isReadOnly = isReadOnly
  }

  /// Returns nil if `proc` is not mounted, or does not list the file system.
  ///
  /// - Parameters:
  ///   - path: An absolute path without symbolic links.
  ///   - root: The directory that `proc` is in, with a slash at its end.
  package static func containing(_ path: String, root: String = "/") -> MountedFileSystem? {
    var found: MountedFileSystem?
    let text = SystemFile.text(root + "proc/self/mountinfo")
    for line in text.split(separator: "\n") {
      guard let mounted = MountedFileSystem(line), mounted.contains(path) else { continue }
      // The deepest place counts, and of several at one place the last, which hides the others.
      if mounted.place.utf8.count >= found?.place.utf8.count ?? 0 { found = mounted }
    }
    return found
  }

  /// Reads a line of `mountinfo`: `36 35 98:0 / /place rw,noatime - ext4 /dev/sda1 rw`.
  private init?(_ line: Substring) {
    let words = line.split(separator: " ")
    guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count > dash + 1 else {
      return nil
    }
    let further = words.count > dash + 3 ? words[dash + 3] : ""
    let options = words[5].split(separator: ",") + further.split(separator: ",")
    self.init(
      kind: String(words[dash + 1]), place: Self.unescaped(words[4]),
      isReadOnly: options.contains("ro"))
  }

  private func contains(_ path: String) -> Bool {
    let (path, place) = (Array(path.utf8), Array(place.utf8))
    guard path.starts(with: place) else { return false }
    return place.last == UInt8(ascii: "/") || path.count == place.count
      || path[place.count] == UInt8(ascii: "/")
  }

  /// Spaces, tabs, newlines and backslashes are three octal digits after a backslash.
  private static func unescaped(_ text: Substring) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\\"), index + 3 < bytes.count,
        let byte = UInt8(
          String(decoding: bytes[(index + 1)...(index + 3)], as: UTF8.self), radix: 8)
      {
        result.append(byte)
        index += 4
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return PathText.text(of: result)
  }
}
