/// Returns the bytes of a number, least significant first.
func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian, Array.init)
}

/// Returns the bytes of numbers, each least significant first.
package func littleEndianBytes(_ values: some Sequence<some FixedWidthInteger>) -> [UInt8] {
  values.map(\.littleEndian).withUnsafeBytes(Array.init)
}
