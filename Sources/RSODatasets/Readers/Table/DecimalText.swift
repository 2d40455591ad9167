/// Reads decimal numbers as Float32, correctly rounded: the result is the Float32 nearest to the
/// decimal number, ties to even, as of strtof(3).
enum DecimalText {
  /// Reads the number that begins at `position` and moves `position` behind it: an optional sign,
  /// digits with an optional decimal point, and an optional exponent (`-1.5e3`).
  ///
  /// - Returns: Nil where no number begins; `position` then stays. Infinite if the number is too
  ///   large for a Float32.
  @inline(__always)
  static func float(_ bytes: Span<UInt8>, at position: inout Int) -> Float? {
    let end = bytes.count
    var index = position
    var isNegative = false
    if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    var mantissa: UInt64 = 0
    var exponent = 0
    let whole = digits(bytes, &index, &mantissa)
    exponent += whole.dropped
    var count = whole.read
    if index < end, bytes[index] == UInt8(ascii: ".") {
      index += 1
      let fraction = digits(bytes, &index, &mantissa)
      exponent -= fraction.read - fraction.dropped
      count += fraction.read
    }
    guard count > 0 else { return nil }
    if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
      guard let power = power(bytes, &index) else { return nil }
      exponent += power
    }
    let start = position
    position = index
    return rounded(mantissa, exponent, isNegative) ?? exact(bytes, start..<index)
  }

  /// Reads digits into `mantissa`. A mantissa has 19 digits at most; further ones are dropped.
  @inline(__always)
  private static func digits(
    _ bytes: Span<UInt8>, _ index: inout Int, _ mantissa: inout UInt64
  ) -> (read: Int, dropped: Int) {
    let first = index
    var dropped = 0
    while index < bytes.count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if mantissa < 1_000_000_000_000_000_000 {
        // Below 10^19, which a UInt64 holds.
        mantissa = mantissa &* 10 &+ UInt64(digit)
      } else {
        dropped += 1
      }
      index += 1
    }
    return (index - first, dropped)
  }

  /// Reads an exponent, `e-05`. Nil if it has no digits.
  private static func power(_ bytes: Span<UInt8>, _ index: inout Int) -> Int? {
    index += 1
    var isNegative = false
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    let first = index
    var power = 0
    while index < bytes.count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      // Larger exponents are infinite or 0 too.
      power = min(power * 10 + Int(digit), 100_000)
      index += 1
    }
    guard index > first else { return nil }
    return isNegative ? -power : power
  }

  /// Returns the number if double precision decides it; nil if an exact computation has to.
  ///
  /// The double has an error of at most 4 units in its last place: the dropped digits, the
  /// conversion of the mantissa, the power of ten and the product have half a unit or one each. Only
  /// near the middle between two Float32 can that change the result (Clinger, "How to read floating
  /// point numbers accurately", 1990).
  @inline(__always)
  private static func rounded(_ mantissa: UInt64, _ exponent: Int, _ isNegative: Bool) -> Float? {
    if mantissa == 0 { return isNegative ? -0.0 : 0 }
    guard exponent >= -47, exponent <= 38 else { return nil }
    let value =
      exponent < 0
      ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    guard value > 1.2e-38, value < 3.4e38 else { return nil }
    // The 29 bits of a double that a Float32 does not have.
    let tail = Int(truncatingIfNeeded: value.bitPattern & 0x1FFF_FFFF)
    guard tail < 0x1000_0000 - 16 || tail > 0x1000_0000 + 16 else { return nil }
    return Float(isNegative ? -value : value)
  }

  private static func exact(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Float? {
    Float(String(decoding: bytes.extracting(range).array, as: UTF8.self))
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32,
    1e33, 1e34, 1e35, 1e36, 1e37, 1e38, 1e39, 1e40, 1e41, 1e42, 1e43, 1e44, 1e45, 1e46, 1e47,
  ]
}

extension Span<UInt8> {
  /// The bytes as an array.
  var array: [UInt8] { indices.map { self[$0] } }
}
