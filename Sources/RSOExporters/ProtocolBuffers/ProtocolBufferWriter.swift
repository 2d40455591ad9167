/// Writes the fields of a protocol buffer message.
///
/// *Source:* https://protobuf.dev/programming-guides/encoding. As in proto3, a field with the value 0, or
/// without content, is omitted; the fields of a message are written in the order of their numbers, so
/// that equal messages give equal bytes.
struct ProtocolBufferWriter {
  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
    case fixed32 = 5
  }

  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: Int64, to field: Int) {
    if value != 0 { writeAlways(value, to: field) }
  }

  /// Writes a number that is one of several alternatives, so that 0 counts as well.
  mutating func writeAlways(_ value: Int64, to field: Int) {
    key(field, .varint)
    varint(UInt64(bitPattern: value))
  }

  mutating func write(_ value: Float, to field: Int) {
    guard value.bitPattern != 0 else { return }
    key(field, .fixed32)
    bytes += value.bitPattern.littleEndianBytes
  }

  mutating func write(_ value: Double, to field: Int) {
    if value.bitPattern != 0 { writeAlways(value, to: field) }
  }

  /// Writes a number that is one of several alternatives, so that 0 counts as well.
  mutating func writeAlways(_ value: Double, to field: Int) {
    key(field, .fixed64)
    bytes += value.bitPattern.littleEndianBytes
  }

  mutating func write(_ text: String, to field: Int) { write(Array(text.utf8), to: field) }

  mutating func write(_ content: [UInt8], to field: Int) {
    if !content.isEmpty { writeAlways(content, to: field) }
  }

  /// Writes a list of numbers, packed.
  mutating func write(_ values: [Int64], to field: Int) {
    var packed = ProtocolBufferWriter()
    for value in values { packed.varint(UInt64(bitPattern: value)) }
    write(packed.bytes, to: field)
  }

  /// Writes a list of texts, with one field for each.
  mutating func write(_ texts: [String], to field: Int) {
    for text in texts { writeAlways(Array(text.utf8), to: field) }
  }

  /// Writes a message, also if it is empty.
  mutating func write(_ message: some ProtocolBufferMessage, to field: Int) {
    var writer = ProtocolBufferWriter()
    message.write(to: &writer)
    writeAlways(writer.bytes, to: field)
  }

  /// Writes a list of messages, with one field for each.
  mutating func write(_ messages: [some ProtocolBufferMessage], to field: Int) {
    for message in messages { write(message, to: field) }
  }

  /// Writes bytes that are one of several alternatives, so that none count as well.
  mutating func writeAlways(_ content: [UInt8], to field: Int) {
    writeStart(of: content.count, to: field)
    bytes += content
  }

  /// Writes what stands before content of `count` bytes, which the caller writes after it.
  mutating func writeStart(of count: Int, to field: Int) {
    key(field, .bytes)
    varint(UInt64(count))
  }

  private mutating func key(_ field: Int, _ type: WireType) {
    varint(UInt64(field) << 3 | type.rawValue)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension FixedWidthInteger {
  /// The bytes of the number, the least significant one first.
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
