/// A tensor of a file: name, element type, shape and bytes.
package struct NamedTensor: Sendable, Hashable {
  package var name: String
  package var elementType: TensorElementType
  /// The extents; empty for a scalar. Elements are row-major.
  package var shape: [Int]
  /// The elements, little-endian. A tensor that was read shares the file's bytes.
  package var bytes: ArraySlice<UInt8>

  package init(
    name: String, elementType: TensorElementType, shape: [Int], bytes: ArraySlice<UInt8>
  ) {
    precondition(shape.reduce(1, *) * elementType.size == bytes.count)
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  package init(name: String, shape: [Int], values: some Sequence<Float>) {
    self.init(
      name: name, elementType: .float32, shape: shape,
      bytes: littleEndianBytes(values.lazy.map(\.bitPattern))[...])
  }

  package init(name: String, shape: [Int], doubles: some Sequence<Double>) {
    self.init(
      name: name, elementType: .float64, shape: shape,
      bytes: littleEndianBytes(doubles.lazy.map(\.bitPattern))[...])
  }

  package init(name: String, shape: [Int], integers: some Sequence<Int64>) {
    self.init(
      name: name, elementType: .int64, shape: shape, bytes: littleEndianBytes(integers)[...])
  }

  package var count: Int { shape.reduce(1, *) }

  /// Returns the elements in single precision; `float64` and wide integers are rounded. A complex number
  /// gives its real and its imaginary part.
  package func floats() -> [Float] {
    switch elementType {
    case .bool: bytes.map { $0 == 0 ? 0 : 1 }
    case .uint8: bytes.map { Float($0) }
    case .int8: bytes.map { Float(Int8(bitPattern: $0)) }
    case .uint16: integers(UInt16.self).map { Float($0) }
    case .int16: integers(Int16.self).map { Float($0) }
    case .uint32: integers(UInt32.self).map { Float($0) }
    case .int32: integers(Int32.self).map { Float($0) }
    case .uint64: integers(UInt64.self).map { Float($0) }
    case .int64: integers(Int64.self).map { Float($0) }
    case .float8E4M3, .float8E5M2, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: smallFloats()
    case .float16, .complex32: integers(UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case .bfloat16: integers(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .float32, .complex64: integers(UInt32.self).map { Float(bitPattern: $0) }
    case .float64, .complex128: integers(UInt64.self).map { Float(Double(bitPattern: $0)) }
    }
  }

  private func smallFloats() -> [Float] {
    guard let table = Float8.table(elementType) else { return [] }
    return bytes.map { table[Int($0)] }
  }

  /// Returns the elements in double precision; nil for another element type.
  package func doubles() -> [Double]? {
    elementType == .float64 ? integers(UInt64.self).map { Double(bitPattern: $0) } : nil
  }

  private func integers<Element: FixedWidthInteger & BitwiseCopyable>(
    _: Element.Type
  ) -> [Element] {
    bytes.withUnsafeBytes { buffer in
      (0..<(buffer.count / MemoryLayout<Element>.size)).map { index in
        Element(
          littleEndian: buffer.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Element>.size, as: Element.self))
      }
    }
  }
}
