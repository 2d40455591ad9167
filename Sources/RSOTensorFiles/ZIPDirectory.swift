import RSOSystem

/// The directory at the end of a zip archive.
enum ZIPDirectory {
  struct Entry {
    var name: String
    var flags: Int
    var method: Int
    var checksum: UInt32
    /// Bytes of the member in the archive (`storedSize`) and unpacked (`size`).
    var storedSize: Int
    var size: Int
    /// The place of the member's own header in the archive, in bytes.
    var offset: Int
  }

  static func entries(of bytes: [UInt8]) throws(ZIPError) -> [Entry] {
    guard let end = endRecord(of: bytes) else { throw ZIPError(problem: "it has no directory") }
    var reader = ByteReader(bytes[(end + 4)...])
    guard let disk = reader.takeInteger(2), let firstDisk = reader.takeInteger(2),
      let countHere = reader.takeInteger(2), let count = reader.takeInteger(2),
      let size = reader.takeInteger(4), let offset = reader.takeInteger(4)
    else { throw ZIPError(problem: "its directory ends early") }
    guard disk == 0, firstDisk == 0, countHere == count else {
      throw ZIPError(problem: "it is in several parts")
    }
    guard count <= ZIPReader.maximumMembers else {
      throw ZIPError(problem: "it has \(count) members, more than \(ZIPReader.maximumMembers)")
    }
    guard offset <= end, size == end - offset else {
      throw ZIPError(problem: "its directory is not where it says")
    }
    var directory = ByteReader(bytes[offset..<end])
    var entries: [Entry] = []
    var names: Set<String> = []
    for _ in 0..<count {
      let entry = try entry(&directory)
      guard names.insert(entry.name).inserted else {
        throw ZIPError(problem: "member \(quoted(entry.name)) is there twice")
      }
      entries.append(entry)
    }
    guard directory.remaining.isEmpty else {
      throw ZIPError(problem: "its directory has more than \(count) members")
    }
    return entries
  }

  /// The position of the end record. Only a comment of the stated length may follow it.
  private static func endRecord(of bytes: [UInt8]) -> Int? {
    let last = bytes.count - ZIPArchive.endSize
    guard last >= 0 else { return nil }
    return (max(0, last - 0xFFFF)...last).reversed().first { start in
      var reader = ByteReader(bytes[start...])
      guard reader.takeInteger(4) == ZIPArchive.endSignature, reader.take(16) != nil,
        let comment = reader.takeInteger(2)
      else { return false }
      return comment == last - start
    }
  }

  private static func entry(_ reader: inout ByteReader) throws(ZIPError) -> Entry {
    guard reader.takeInteger(4) == ZIPArchive.centralSignature, reader.take(4) != nil,
      let flags = reader.takeInteger(2), let method = reader.takeInteger(2),
      reader.take(4) != nil, let checksum = reader.takeInteger(4),
      let storedSize = reader.takeInteger(4), let size = reader.takeInteger(4),
      let nameSize = reader.takeInteger(2), let extraSize = reader.takeInteger(2),
      let commentSize = reader.takeInteger(2), let disk = reader.takeInteger(2),
      reader.take(6) != nil, let offset = reader.takeInteger(4),
      let nameBytes = reader.take(nameSize), reader.take(extraSize) != nil,
      reader.take(commentSize) != nil
    else { throw ZIPError(problem: "its directory is damaged") }
    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      throw ZIPError(problem: "the name of a member is not UTF-8")
    }
    guard isPlain(name) else {
      throw ZIPError(problem: "member \(quoted(name)) has a name that leads elsewhere")
    }
    guard flags & 0x2041 == 0 else { throw ZIPError(problem: "it is encrypted") }
    guard disk == 0, storedSize != 0xFFFF_FFFF, size != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
      throw ZIPError(problem: "member \(quoted(name)) is too large, or in another part")
    }
    return Entry(
      name: name, flags: flags, method: method, checksum: UInt32(checksum),
      storedSize: storedSize, size: size, offset: offset)
  }

  /// True if a file of this name would be unpacked below the target directory: the name is
  /// relative, without `..`, NULs and backslashes.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/") && !name.contains("\\") && !name.contains("\0")
      && !name.dropFirst().hasPrefix(":")
      && !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
  }
}
