/// The checksum CRC-32C, with the polynomial of Castagnoli.
///
/// *Source:* RFC 3720, section 12.1, and its examples in section B.4.
package enum CRC32C {
  /// The polynomial 0x1EDC6F41 with its bits in reverse order.
  private static let polynomial: UInt32 = 0x82F6_3B78

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in
      rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ polynomial
    }
  }

  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { rest, byte in
      rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)]
    }
  }
}
