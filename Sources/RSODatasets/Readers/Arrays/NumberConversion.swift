import RSOTensorFiles

/// Converts numbers of all types and both byte orders.
enum NumberConversion {
  /// Appends numbers as floats, rounded to the nearest.
  static func append<Value: BinaryFloatingPoint>(
    _ part: UnsafeRawBufferPointer, _ type: TensorElementType, isBigEndian: Bool,
    to values: inout [Value]
  ) {
    func add<Pattern: FixedWidthInteger & BitwiseCopyable>(
      _: Pattern.Type, _ value: (Pattern) -> Value
    ) {
      each(part, Pattern.self, isBigEndian) { values.append(value($0)) }
    }
    switch type {
    case .bool: add(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: add(UInt8.self) { Value($0) }
    case .int8: add(Int8.self) { Value($0) }
    case .uint16: add(UInt16.self) { Value($0) }
    case .int16: add(Int16.self) { Value($0) }
    case .uint32: add(UInt32.self) { Value($0) }
    case .int32: add(Int32.self) { Value($0) }
    case .uint64: add(UInt64.self) { Value($0) }
    case .int64: add(Int64.self) { Value($0) }
    case .float16: add(UInt16.self) { Value(Float16(bitPattern: $0)) }
    case .bfloat16: add(UInt16.self) { Value(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: add(UInt32.self) { Value(Float(bitPattern: $0)) }
    case .float64: add(UInt64.self) { Value(Double(bitPattern: $0)) }
    case .float8E4M3, .float8E5M2, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ:
      guard let table = Float8.table(type) else { return }
      add(UInt8.self) { Value(table[Int($0)]) }
    // No format gives complex numbers.
    case .complex32, .complex64, .complex128: return
    }
  }

  /// Appends integers; calls `tooLarge` for one beyond 63 bits.
  static func append(
    _ part: UnsafeRawBufferPointer, _ type: TensorElementType, isBigEndian: Bool,
    to values: inout [Int64], tooLarge: () throws -> Void
  ) throws {
    func add<Pattern: FixedWidthInteger & BitwiseCopyable>(_: Pattern.Type) throws {
      try each(part, Pattern.self, isBigEndian) { value in
        guard let value = Int64(exactly: value) else { return try tooLarge() }
        values.append(value)
      }
    }
    switch type {
    case .bool: each(part, UInt8.self, false) { values.append($0 == 0 ? 0 : 1) }
    case .uint8: try add(UInt8.self)
    case .int8: try add(Int8.self)
    case .uint16: try add(UInt16.self)
    case .int16: try add(Int16.self)
    case .uint32: try add(UInt32.self)
    case .int32: try add(Int32.self)
    case .uint64: try add(UInt64.self)
    case .int64: try add(Int64.self)
    // Only integers are given.
    default: return
    }
  }

  @inline(__always)
  private static func each<Pattern: FixedWidthInteger & BitwiseCopyable>(
    _ part: UnsafeRawBufferPointer, _: Pattern.Type, _ isBigEndian: Bool,
    _ body: (Pattern) throws -> Void
  ) rethrows {
    let size = MemoryLayout<Pattern>.size
    for offset in stride(from: 0, through: part.count - size, by: size) {
      let value = part.loadUnaligned(fromByteOffset: offset, as: Pattern.self)
      try body(isBigEndian ? Pattern(bigEndian: value) : Pattern(littleEndian: value))
    }
  }
}

extension FoundArray.TextForm {
  /// Appends the texts of a part; false if one is not Unicode.
  func append(_ part: UnsafeRawBufferPointer, to texts: inout [String]) -> Bool {
    switch self {
    case .characters(let count, let isBigEndian):
      for start in stride(from: 0, to: part.count, by: 4 * count) {
        var text = String.UnicodeScalarView()
        for offset in stride(from: start, to: min(part.count, start + 4 * count), by: 4) {
          let word = part.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
          let value = isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
          guard let scalar = Unicode.Scalar(value) else { return false }
          text.append(scalar)
        }
        while text.last == "\0" { text.removeLast() }
        texts.append(String(text))
      }
    case .bytes(let count):
      for start in stride(from: 0, to: part.count, by: count) {
        var bytes = part[start..<min(part.count, start + count)]
        while bytes.last == 0 { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        texts.append(text)
      }
    case .counted:
      var offset = 0
      while offset + 4 <= part.count {
        let word = part.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        let count = Int(UInt32(littleEndian: word))
        offset += 4
        guard count <= part.count - offset,
          let text = String(validating: part[offset..<offset + count], as: UTF8.self)
        else { return false }
        texts.append(text)
        offset += count
      }
    }
    return true
  }
}
