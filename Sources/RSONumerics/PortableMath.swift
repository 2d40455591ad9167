/// Functions whose last bit does not depend on the machine's C library. They consist of IEEE basic
/// operations, which Swift neither contracts nor reorders.
package enum PortableMath {
  /// The natural logarithm, to about one unit in the last place.
  ///
  /// With x = 2^e m and 1/sqrt 2 <= m < sqrt 2: log x = e log 2 + 2 artanh s, s = (m - 1) / (m + 1),
  /// |s| < 0.172, where twelve terms of artanh's series suffice.
  ///
  /// *Range:* positive, normal and finite.
  package static func log(_ x: Double) -> Double {
    precondition(x.isNormal && x > 0, "no logarithm of \(x)")
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa >= 2.0.squareRoot() {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var series = 0.0
    for divisor in stride(from: 23.0, to: 1.0, by: -2.0) {
      series = (series + 1 / divisor) * square
    }
    // log 2 in two parts: the first has few digits, so that its product with an exponent is exact.
    let high = 0x1.62e42feep-1
    let low = 0x1.a39ef35793c76p-33
    return exponent * high + (2 * s + (2 * s * series + exponent * low))
  }
}
