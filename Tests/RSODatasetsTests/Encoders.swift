/// Files in IDX, byte by byte.
enum IDX {
  static func images(_ count: Int, _ height: Int, _ width: Int, _ pixels: [UInt8]) -> [UInt8] {
    header(0x0803, count, height, width) + pixels
  }

  static func labels(_ labels: [UInt8]) -> [UInt8] {
    header(0x0801, labels.count) + labels
  }

  static func header(_ fields: Int...) -> [UInt8] {
    fields.flatMap { field in stride(from: 24, through: 0, by: -8).map { UInt8(field >> $0 & 255) }
    }
  }
}

/// Gzip files, byte by byte (RFC 1951 and 1952).
enum Gzip {
  static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]

  /// A member with one stored block.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    let length = littleEndian(bytes.count, 2)
    return header + [1] + length + length.map { ~$0 } + bytes
      + littleEndian(Int(checksum(bytes)), 4) + littleEndian(bytes.count, 4)
  }

  /// A member with a stored block and then `repeats` times 258 zeros in 13 bits each: two
  /// megabytes make a gigabyte. Its trailer is missing.
  static func bomb(after bytes: [UInt8], repeats: Int) -> [UInt8] {
    let length = littleEndian(bytes.count, 2)
    var output = header + [0] + length + length.map { ~$0 } + bytes
    var bits: UInt64 = 0
    var count: UInt64 = 0
    func put(_ value: UInt64, _ width: UInt64) {
      bits |= value << count
      count += width
      while count >= 8 {
        output.append(UInt8(bits & 255))
        bits >>= 8
        count -= 8
      }
    }
    // Last block, fixed codes; the literal 0; then length 258 (code 11000101, its bits reversed as
    // codes are packed) and distance 1 (code 00000).
    put(0b011, 3)
    put(0b0000_1100, 8)
    for _ in 0..<repeats { put(0b0_0000_1010_0011, 13) }
    put(0, 7 + 8)
    return output
  }

  private static func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(value >> (8 * $0) & 255) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in
        rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0)
      }
    }
  }
}

extension [UInt8] {
  func replacing(at index: Int, with byte: UInt8) -> [UInt8] {
    var bytes = self
    bytes[index] = byte
    return bytes
  }
}
