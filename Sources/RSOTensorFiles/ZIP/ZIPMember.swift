import RSOSystem

/// A member of a zip archive on disk.
package struct ZIPMember: Sendable, Hashable {
  package let path: String
  let entry: ZIPDirectory.Entry
  /// The place of its stored bytes in the archive.
  let content: Range<Int>

  /// The name in the archive.
  package var name: String { entry.name }

  /// True where its bytes are in the archive as they are.
  var isStored: Bool { entry.method == ZIPArchive.stored && entry.storedSize == entry.size }

  /// True where it has no checksum. PyTorch writes 0 where it was told to leave checksums out.
  var isUnchecked: Bool { isStored && entry.checksum == 0 }

  /// Returns the members of an archive, without its directories.
  ///
  /// *Throws:* `ZIPError`.
  static func all(in file: borrowing InputFile) throws(ZIPError) -> [ZIPMember] {
    let path = file.path
    return try ZIPReader.located(in: file).filter { !$0.entry.name.hasSuffix("/") }.map {
      ZIPMember(path: path, entry: $0.entry, content: $0.content)
    }
  }
}
