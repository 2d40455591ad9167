import RSOSystem

/// A header block of a tar archive: POSIX ustar and pax, GNU's, or the old one without a magic.
struct TarHeader {
  static let size = 512

  enum Kind: Equatable {
    case file
    /// Records that override fields of the next member.
    case extended
    /// GNU: the name of the next member, which is too long for its header.
    case longName
    /// Directories, links, devices: without content.
    case empty
    /// Anything else, with as much content as its size says.
    case other
  }

  let kind: Kind
  let name: String
  /// Bytes of the member's content; nil if the field is not a number.
  let size: Int?

  /// Reads a header; nil if the block is not whole or its checksum is wrong, so that it is no header.
  init?(_ block: [UInt8]) {
    guard block.count == Self.size else { return nil }
    let spaces = UInt8(ascii: " ")
    let sum = block.indices.reduce(0) { $0 + Int((148..<156).contains($1) ? spaces : block[$1]) }
    guard Self.number(block[148..<156]) == sum else { return nil }
    let field = Self.text(block[0..<100])
    let isUSTAR = block[257..<263].elementsEqual(Array("ustar".utf8) + [0])
    let prefix = isUSTAR ? Self.text(block[345..<500]) : ""
    name = prefix.isEmpty ? field : prefix + "/" + field
    size = Self.number(block[124..<136])
    switch block[156] {
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = .file
    case UInt8(ascii: "1")...UInt8(ascii: "6"): kind = .empty
    case UInt8(ascii: "x"): kind = .extended
    case UInt8(ascii: "L"): kind = .longName
    default: kind = .other
    }
  }

  /// The text up to the first zero.
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    PathText.text(of: bytes.prefix { $0 != 0 })
  }

  /// Octal digits between spaces and zeros, or, with the highest bit set, big-endian binary.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      guard first == 0x80, field.dropFirst().dropLast(7).allSatisfy({ $0 == 0 }) else { return nil }
      return field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
    }
    let isPadding = { (byte: UInt8) in byte == 0 || byte == UInt8(ascii: " ") }
    let digits = field.drop(while: isPadding).prefix { !isPadding($0) }
    guard !digits.isEmpty else { return 0 }
    return Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
  }
}
