/// Two numbers are equal if |a - b| <= absolute + relative * max(|a|, |b|). NaN equals NaN.
package struct Tolerance: Sendable, Equatable {
  package var relative: Double
  package var absolute: Double

  package init(relative: Double, absolute: Double) {
    self.relative = relative
    self.absolute = absolute
  }

  package static let exact = Tolerance(relative: 0, absolute: 0)

  package func accepts(_ a: Double, _ b: Double) -> Bool {
    if a == b || (a.isNaN && b.isNaN) { return true }
    return abs(a - b) <= absolute + relative * max(abs(a), abs(b))
      && a.isFinite && b.isFinite
  }
}
