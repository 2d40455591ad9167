import RSOSystem

/// Reads whole zip archives by their directory. Members that overlap are an error.
///
/// Not read: archives in several parts, encrypted ones, methods other than deflate, and members of
/// 4 GiB and more.
enum ZIPReader {
  static let maximumMembers = 10_000

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
    let entries = try ZIPDirectory.entries(of: bytes)
    var rest = limit
    var members: [ZIPArchive.Member] = []
    var ranges: [Range<Int>] = []
    for entry in entries {
      let content = try content(of: entry, in: bytes)
      ranges.append(entry.offset..<content.endIndex)
      guard isWanted(entry.name) else { continue }
      guard entry.size <= rest else {
        throw ZIPError(problem: "its members have more than \(limit) bytes when they are unpacked")
      }
      rest -= entry.size
      members.append(
        ZIPArchive.Member(name: entry.name, bytes: try unpack(content, entry)))
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(ranges, ranges.dropFirst())
    where first.upperBound > second.lowerBound {
      throw ZIPError(problem: "its members overlap")
    }
    return members
  }

  /// The stored bytes of a member, after its own header, which must agree with the directory.
  private static func content(
    of entry: ZIPDirectory.Entry, in bytes: [UInt8]
  ) throws(ZIPError) -> ArraySlice<UInt8> {
    let subject = quoted(entry.name)
    guard entry.offset <= bytes.count else {
      throw ZIPError(problem: "member \(subject) begins after the end")
    }
    var reader = ByteReader(bytes[entry.offset...])
    guard reader.takeInteger(4) == ZIPArchive.localSignature, reader.takeInteger(2) != nil,
      let flags = reader.takeInteger(2), let method = reader.takeInteger(2),
      reader.take(16) != nil, let nameSize = reader.takeInteger(2),
      let extraSize = reader.takeInteger(2), let name = reader.take(nameSize),
      reader.take(extraSize) != nil
    else { throw ZIPError(problem: "member \(subject) has no header") }
    guard Array(name) == Array(entry.name.utf8), method == entry.method, flags == entry.flags else {
      throw ZIPError(problem: "the header of member \(subject) differs from the directory")
    }
    guard let content = reader.take(entry.storedSize) else {
      throw ZIPError(problem: "member \(subject) ends early")
    }
    return content
  }

  private static func unpack(
    _ content: ArraySlice<UInt8>, _ entry: ZIPDirectory.Entry
  ) throws(ZIPError) -> ArraySlice<UInt8> {
    let subject = "member \(quoted(entry.name))"
    let unpacked: ArraySlice<UInt8>
    switch entry.method {
    case ZIPArchive.stored:
      unpacked = content
    case ZIPArchive.deflated:
      guard entry.size / Deflate.largestRatio <= content.count else {
        throw ZIPError(problem: "\(subject) cannot have \(entry.size) bytes")
      }
      guard let bytes = Deflate.inflate(content, size: entry.size) else {
        throw ZIPError(problem: "the compressed data of \(subject) are damaged")
      }
      unpacked = bytes[...]
    default:
      throw ZIPError(problem: "\(subject) is compressed by method \(entry.method)")
    }
    guard unpacked.count == entry.size else {
      throw ZIPError(problem: "\(subject) has \(unpacked.count) bytes, not \(entry.size)")
    }
    guard Deflate.checksum(unpacked) == entry.checksum else {
      throw ZIPError(problem: "the CRC-32 of \(subject) differs")
    }
    return unpacked
  }
}
