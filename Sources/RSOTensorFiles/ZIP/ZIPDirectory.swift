import RSOSystem

/// The directory at the end of a zip archive.
enum ZIPDirectory {
  struct Entry: Sendable, Hashable {
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

  /// Returns the entries of an archive.
  ///
  /// *Throws:* `ZIPError`.
  static func entries<Source: ByteSource & ~Copyable>(
    of source: borrowing Source
  ) throws(ZIPError) -> [Entry] {
    let location = try ZIPEndRecord.location(in: source)
    var directory = ByteReader(try source.bytes(location.range))
    var entries: [Entry] = []
    var names: Set<String> = []
    for _ in 0..<location.count {
      let entry = try entry(&directory)
      guard names.insert(entry.name).inserted else {
        throw ZIPError(problem: "member \(quoted(entry.name)) is there twice")
      }
      entries.append(entry)
    }
    guard directory.remaining.isEmpty else {
      throw ZIPError(problem: "its directory has more than \(location.count) members")
    }
    return entries
  }

  private static func entry(_ reader: inout ByteReader) throws(ZIPError) -> Entry {
    guard reader.takeInteger(4) == ZIPArchive.centralSignature, reader.take(4) != nil,
      let flags = reader.takeInteger(2), let method = reader.takeInteger(2),
      reader.take(4) != nil, let checksum = reader.takeInteger(4),
      let storedSize = reader.takeInteger(4), let size = reader.takeInteger(4),
      let nameSize = reader.takeInteger(2), let extraSize = reader.takeInteger(2),
      let commentSize = reader.takeInteger(2), let disk = reader.takeInteger(2),
      reader.take(6) != nil, let offset = reader.takeInteger(4),
      let nameBytes = reader.take(nameSize), let extra = reader.take(extraSize),
      reader.take(commentSize) != nil
    else { throw ZIPError(problem: "its directory is damaged") }
    guard let name = String(validating: nameBytes, as: UTF8.self) else {
      throw ZIPError(problem: "the name of a member is not UTF-8")
    }
    guard isPlain(name) else {
      throw ZIPError(problem: "member \(quoted(name)) has a name that leads elsewhere")
    }
    guard flags & 0x2041 == 0 else { throw ZIPError(problem: "it is encrypted") }
    // The extra field has exactly the numbers that do not fit into 32 bits, in this order.
    guard disk == 0, let numbers = long([size, storedSize, offset], extra) else {
      throw ZIPError(problem: "member \(quoted(name)) is too large, or in another part")
    }
    return Entry(
      name: name, flags: flags, method: method, checksum: UInt32(checksum),
      storedSize: numbers[1], size: numbers[0], offset: numbers[2])
  }

  /// The numbers, those that are 0xFFFFFFFF replaced by the ones in the extra fields of zip64; nil where
  /// these are missing.
  private static func long(_ numbers: [Int], _ extra: ArraySlice<UInt8>) -> [Int]? {
    guard numbers.contains(0xFFFF_FFFF) else { return numbers }
    var fields = ByteReader(extra)
    while let kind = fields.takeInteger(2), let size = fields.takeInteger(2),
      let field = fields.take(size)
    {
      guard kind == ZIPArchive.longSizesField else { continue }
      var reader = ByteReader(field)
      var result: [Int] = []
      for number in numbers {
        guard let value = number == 0xFFFF_FFFF ? reader.takeLongInteger() : number else {
          return nil
        }
        result.append(value)
      }
      return result
    }
    return nil
  }

  /// True if a file of this name would be unpacked below the target directory: the name is
  /// relative, without `..`, NULs and backslashes.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/") && !name.contains("\\") && !name.contains("\0")
      && !name.dropFirst().hasPrefix(":")
      && !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
  }
}
