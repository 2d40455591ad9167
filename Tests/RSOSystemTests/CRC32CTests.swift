import RSOSystem
import Testing

@Suite("CRC-32C")
struct CRC32CTests {
  /// The examples of RFC 3720, section B.4, whose checksums stand there with the least significant byte first.
  static let examples: [(name: String, bytes: [UInt8], checksum: UInt32)] = [
    ("zeros", [UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ("ones", [UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    ("ascending", Array(0..<32), 0x46DD_794E),
    ("descending", (0..<32).reversed(), 0x113F_DB5C),
    (
      "a command of iSCSI",
      [0x01, 0xC0] + [UInt8](repeating: 0, count: 14) + [
        0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0,
        0x02, 0, 0, 0, 0, 0, 0, 0,
      ], 0xD996_3A56
    ),
  ]

  @Test("the examples of RFC 3720 have its checksums", arguments: examples)
  func checksums(name: String, bytes: [UInt8], checksum: UInt32) {
    #expect(CRC32C.checksum(bytes) == checksum, "\(name)")
  }

  @Test("no bytes have the checksum 0")
  func empty() { #expect(CRC32C.checksum([]) == 0) }
}
