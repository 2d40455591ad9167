/// Floating-point numbers of 8 bits: a sign, an exponent, and the rest of the significand.
///
/// *Source:* OCP 8-bit Floating Point Specification (E4M3, E5M2), OCP Microscaling Formats (E8M0), and
/// arXiv 2206.02915 (the FNUZ kinds: no infinities, no negative zero, one NaN).
package enum Float8 {
  /// Returns the values of all 256 bit patterns; nil for types of other sizes. Each value is exact.
  package static func table(_ type: TensorElementType) -> [Float]? {
    let value: (UInt8) -> Float
    switch type {
    case .float8E4M3:
      value = { bits in
        bits & 0x7F == 0x7F ? .nan : number(bits, mantissaBits: 3, bias: 7)
      }
    case .float8E5M2:
      // The upper half of a number of 16 bits.
      value = { Float(Float16(bitPattern: UInt16($0) << 8)) }
    case .float8E8M0:
      value = { bits in
        bits == 0xFF ? .nan : Float(sign: .plus, exponent: Int(bits) - 127, significand: 1)
      }
    case .float8E4M3FNUZ:
      value = { $0 == 0x80 ? .nan : number($0, mantissaBits: 3, bias: 8) }
    case .float8E5M2FNUZ:
      value = { $0 == 0x80 ? .nan : number($0, mantissaBits: 2, bias: 16) }
    default: return nil
    }
    return (0...UInt8.max).map(value)
  }

  private static func number(_ bits: UInt8, mantissaBits: Int, bias: Int) -> Float {
    let exponent = Int(bits & 0x7F) >> mantissaBits
    let mantissa = Int(bits) & (1 << mantissaBits - 1)
    let significand = Float(exponent == 0 ? mantissa : mantissa + 1 << mantissaBits)
    let magnitude = Float(
      sign: .plus, exponent: max(exponent, 1) - bias - mantissaBits, significand: significand)
    return bits & 0x80 == 0 ? magnitude : -magnitude
  }
}
