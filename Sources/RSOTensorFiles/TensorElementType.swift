/// The number formats in which tensors are stored.
package enum TensorElementType: String, Sendable, Hashable, CaseIterable {
  case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64
  case float16, bfloat16, float32, float64
  /// Numbers of 8 bits; see `Float8`.
  case float8E4M3 = "float8_e4m3"
  case float8E5M2 = "float8_e5m2"
  case float8E8M0 = "float8_e8m0"
  case float8E4M3FNUZ = "float8_e4m3fnuz"
  case float8E5M2FNUZ = "float8_e5m2fnuz"
  /// A real and an imaginary part, each of half as many bits.
  case complex32, complex64, complex128

  /// Bytes of one element.
  package var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .float8E4M3, .float8E5M2, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32, .complex32: 4
    case .uint64, .int64, .float64, .complex64: 8
    case .complex128: 16
    }
  }

  /// True for real floating-point numbers.
  package var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    case .float8E4M3, .float8E5M2, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: true
    default: false
    }
  }

  package var isComplex: Bool { part != self }

  /// The type of the real and the imaginary part; the type itself where it is not complex.
  package var part: TensorElementType {
    switch self {
    case .complex32: .float16
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }
}
