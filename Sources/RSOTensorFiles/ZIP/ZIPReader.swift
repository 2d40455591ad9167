import RSOSystem

/// Reads whole zip archives by their directory. Members that overlap are an error.
///
/// Not read: archives in several parts, encrypted ones, and methods other than deflate.
enum ZIPReader {
  static let maximumMembers = 100_000

  /// Returns the wanted members.
  ///
  /// - Parameters:
  ///   - isWanted: True for the name of a member to return. Other members are checked and left out.
  ///   - limit: The most unpacked bytes of all wanted members together.
  ///
  /// *Throws:* `ZIPError`.
  static func members(
    of bytes: [UInt8], limit: Int, where isWanted: (String) -> Bool
  ) throws(ZIPError) -> [ZIPArchive.Member] {
    var rest = limit
    var members: [ZIPArchive.Member] = []
    for (entry, content) in try located(in: bytes) where isWanted(entry.name) {
      guard entry.size <= rest else {
        throw ZIPError(problem: "its members have more than \(limit) bytes when they are unpacked")
      }
      rest -= entry.size
      members.append(
        ZIPArchive.Member(name: entry.name, bytes: try unpack(bytes[content], entry)))
    }
    return members
  }

  /// Returns the entries of an archive, each with the place of its stored bytes.
  ///
  /// *Throws:* `ZIPError`, also where members overlap.
  static func located<Source: ByteSource & ~Copyable>(
    in source: borrowing Source
  ) throws(ZIPError) -> [(entry: ZIPDirectory.Entry, content: Range<Int>)] {
    var located: [(entry: ZIPDirectory.Entry, content: Range<Int>)] = []
    var ranges: [Range<Int>] = []
    for entry in try ZIPDirectory.entries(of: source) {
      let content = try content(of: entry, in: source)
      ranges.append(entry.offset..<content.upperBound)
      located.append((entry, content))
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(ranges, ranges.dropFirst())
    where first.upperBound > second.lowerBound {
      throw ZIPError(problem: "its members overlap")
    }
    return located
  }

  /// The place of a member's stored bytes: after its own header, which must agree with the directory.
  private static func content<Source: ByteSource & ~Copyable>(
    of entry: ZIPDirectory.Entry, in source: borrowing Source
  ) throws(ZIPError) -> Range<Int> {
    let subject = quoted(entry.name)
    guard entry.offset <= source.size else {
      throw ZIPError(problem: "member \(subject) begins after the end")
    }
    // The fixed part of the header, and a name; the rest of the header is only skipped.
    let headerEnd = min(source.size - entry.offset, 30 + entry.name.utf8.count)
    var reader = ByteReader(try source.bytes(entry.offset..<entry.offset + headerEnd))
    guard reader.takeInteger(4) == ZIPArchive.localSignature, reader.takeInteger(2) != nil,
      let flags = reader.takeInteger(2), let method = reader.takeInteger(2),
      reader.take(16) != nil, let nameSize = reader.takeInteger(2),
      let extraSize = reader.takeInteger(2),
      source.size - entry.offset >= 30 + nameSize + extraSize
    else { throw ZIPError(problem: "member \(subject) has no header") }
    guard nameSize == entry.name.utf8.count, Array(reader.remaining) == Array(entry.name.utf8),
      method == entry.method, flags == entry.flags
    else {
      throw ZIPError(problem: "the header of member \(subject) differs from the directory")
    }
    let start = entry.offset + 30 + nameSize + extraSize
    guard entry.storedSize <= source.size - start else {
      throw ZIPError(problem: "member \(subject) ends early")
    }
    return start..<start + entry.storedSize
  }

  /// Checks a member's sizes against each other and against its method of compression.
  ///
  /// *Throws:* `ZIPError`.
  static func checkSizes(of entry: ZIPDirectory.Entry) throws(ZIPError) {
    let subject = "member \(quoted(entry.name))"
    switch entry.method {
    case ZIPArchive.stored:
      guard entry.storedSize == entry.size else {
        throw ZIPError(problem: "\(subject) has \(entry.storedSize) bytes, not \(entry.size)")
      }
    case ZIPArchive.deflated:
      guard entry.size / Deflate.largestRatio <= entry.storedSize else {
        throw ZIPError(problem: "\(subject) cannot have \(entry.size) bytes")
      }
    default:
      throw ZIPError(problem: "\(subject) is compressed by method \(entry.method)")
    }
  }

  private static func unpack(
    _ content: ArraySlice<UInt8>, _ entry: ZIPDirectory.Entry
  ) throws(ZIPError) -> ArraySlice<UInt8> {
    let subject = "member \(quoted(entry.name))"
    try checkSizes(of: entry)
    var unpacked = content
    if entry.method == ZIPArchive.deflated {
      guard let bytes = Deflate.inflate(content, size: entry.size) else {
        throw ZIPError(problem: "the compressed data of \(subject) are damaged")
      }
      unpacked = bytes[...]
    }
    guard Deflate.checksum(unpacked) == entry.checksum else {
      throw ZIPError(problem: "the CRC-32 of \(subject) differs")
    }
    return unpacked
  }
}
