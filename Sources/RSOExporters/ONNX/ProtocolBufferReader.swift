/// Reads the fields of a protocol buffer message one after the other; no field is copied.
///
/// *Source:* https://protobuf.dev/programming-guides/encoding. Groups, which proto3 does not have, are an
/// error.
struct ProtocolBufferReader {
  enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
    case fixed32 = 5
  }

  /// A field as it is stored. What it means depends on the message.
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  /// The bytes are not a message.
  struct Malformed: Error {}

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Returns the next field, nil at the end of the message.
  mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let key = try varint()
    guard (1..<(1 << 29)).contains(key >> 3), let type = WireType(rawValue: key & 7) else {
      throw Malformed()
    }
    let value: Value =
      switch type {
      case .varint: .varint(try varint())
      case .fixed64: .fixed64(try fixed())
      case .fixed32: .fixed32(try fixed())
      case .bytes: .bytes(try take(try varint()))
      }
    return (Int(key >> 3), value)
  }

  /// Takes the numbers of a packed field.
  mutating func varints() throws(Malformed) -> [UInt64] {
    var values: [UInt64] = []
    while !rest.isEmpty { values.append(try varint()) }
    return values
  }

  /// Takes the numbers of a packed field.
  mutating func fixed<Number: FixedWidthInteger>(_: Number.Type) throws(Malformed) -> [Number] {
    var values: [Number] = []
    while !rest.isEmpty { values.append(try fixed()) }
    return values
  }

  private mutating func varint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw Malformed() }
      // Of the tenth byte only one bit is left.
      guard shift < 63 || byte <= 1 else { throw Malformed() }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw Malformed()
  }

  private mutating func fixed<Number: FixedWidthInteger>() throws(Malformed) -> Number {
    let bytes = try take(UInt64(Number.bitWidth / 8))
    return bytes.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
  }

  private mutating func take(_ count: UInt64) throws(Malformed) -> ArraySlice<UInt8> {
    guard count <= UInt64(rest.count) else { throw Malformed() }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}

extension ProtocolBufferReader.Value {
  /// The field as a text.
  func text() throws(ProtocolBufferReader.Malformed) -> String {
    guard case .bytes(let bytes) = self, let text = String(validating: bytes, as: UTF8.self) else {
      throw ProtocolBufferReader.Malformed()
    }
    return text
  }

  /// The field as a number.
  func number() throws(ProtocolBufferReader.Malformed) -> Int64 {
    guard case .varint(let bits) = self else { throw ProtocolBufferReader.Malformed() }
    return Int64(bitPattern: bits)
  }

  /// The field as bytes, or as the content of a message.
  func content() throws(ProtocolBufferReader.Malformed) -> ArraySlice<UInt8> {
    guard case .bytes(let bytes) = self else { throw ProtocolBufferReader.Malformed() }
    return bytes
  }

  /// The field as one or more elements of a list of integers. Lists are packed or have one field for
  /// each element.
  func numbers() throws(ProtocolBufferReader.Malformed) -> [UInt64] {
    switch self {
    case .varint(let bits): return [bits]
    case .bytes(let bytes):
      var reader = ProtocolBufferReader(bytes)
      return try reader.varints()
    case .fixed64, .fixed32: throw ProtocolBufferReader.Malformed()
    }
  }

  /// The field as one or more elements of a list of `Float`s.
  func floats() throws(ProtocolBufferReader.Malformed) -> [Float] {
    switch self {
    case .fixed32(let bits): return [Float(bitPattern: bits)]
    case .bytes(let bytes):
      var reader = ProtocolBufferReader(bytes)
      return try reader.fixed(UInt32.self).map { Float(bitPattern: $0) }
    case .fixed64, .varint: throw ProtocolBufferReader.Malformed()
    }
  }

  /// The field as one or more elements of a list of `Double`s.
  func doubles() throws(ProtocolBufferReader.Malformed) -> [Double] {
    switch self {
    case .fixed64(let bits): return [Double(bitPattern: bits)]
    case .bytes(let bytes):
      var reader = ProtocolBufferReader(bytes)
      return try reader.fixed(UInt64.self).map { Double(bitPattern: $0) }
    case .fixed32, .varint: throw ProtocolBufferReader.Malformed()
    }
  }
}
