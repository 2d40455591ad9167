/// Two numbers are equal if |a - b| <= absolute + relative * max(|a|, |b|). NaN equals NaN.
package struct ComparisonTolerance: Sendable, Equatable {
  package var relative: Double
  package var absolute: Double

  package init(relative: Double = 0, absolute: Double = 0) {
    self.relative = relative
    self.absolute = absolute
  }

  package static let exact = ComparisonTolerance()

  package func accepts(_ a: Double, _ b: Double) -> Bool {
    if a == b || (a.isNaN && b.isNaN) { return true }
    return a.isFinite && b.isFinite && abs(a - b) <= absolute + relative * max(abs(a), abs(b))
  }
}
