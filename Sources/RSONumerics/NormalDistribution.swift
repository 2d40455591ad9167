/// The standard normal distribution.
package enum NormalDistribution {
  /// Returns the quantile x with P(X < x) = `probability` for a standard normal variable X.
  ///
  /// Algorithm AS 241, PPND16 (Wichura, "The percentage points of the normal distribution", Applied
  /// Statistics 37, 1988): three rational approximations of degree 7, relative error about 1e-16.
  ///
  /// *Range:* 0 < probability < 1. *Reproducibility:* bitwise: IEEE basic operations and square
  /// root only, in the order written.
  package static func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "\(probability) is not within (0, 1)")
    let q = probability - 0.5
    if q.magnitude <= 0.425 {
      let r = 0.180625 - q * q
      return q * polynomial(central, r) / polynomial(centralDivisor, r)
    }
    let tail = q < 0 ? probability : 1 - probability
    let r = (-PortableMath.log(tail)).squareRoot()
    let magnitude =
      r <= 5
      ? polynomial(middle, r - 1.6) / polynomial(middleDivisor, r - 1.6)
      : polynomial(far, r - 5) / polynomial(farDivisor, r - 5)
    return q < 0 ? -magnitude : magnitude
  }

  /// Coefficients, the highest power first.
  private typealias Coefficients = (
    Double, Double, Double, Double, Double, Double, Double, Double
  )

  @inline(__always)
  private static func polynomial(_ c: Coefficients, _ x: Double) -> Double {
    ((((((c.0 * x + c.1) * x + c.2) * x + c.3) * x + c.4) * x + c.5) * x + c.6) * x + c.7
  }

  /// |probability - 1/2| <= 0.425
  private static let central: Coefficients = (
    2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
    4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
    1.3314166789178437745e+2, 3.3871328727963666080e0
  )
  private static let centralDivisor: Coefficients = (
    5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4,
    2.1213794301586595867e+4, 5.3941960214247511077e+3, 6.8718700749205790830e+2,
    4.2313330701600911252e+1, 1
  )

  /// sqrt(-log(tail)) <= 5
  private static let middle: Coefficients = (
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
    1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
    4.63033784615654529590e0, 1.42343711074968357734e0
  )
  private static let middleDivisor: Coefficients = (
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
    1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
    2.05319162663775882187e0, 1
  )

  /// sqrt(-log(tail)) > 5
  private static let far: Coefficients = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
    5.46378491116411436990e0, 6.65790464350110377720e0
  )
  private static let farDivisor: Coefficients = (
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
    5.99832206555887937690e-1, 1
  )
}
