/// Mean and spread of several values, such as the accuracies of runs with different seeds.
package struct Spread: Sendable, Hashable {
  package var mean: Double
  /// The standard deviation of a sample, with n - 1 in the denominator; nil for fewer than two values.
  package var deviation: Double?
  package var min: Double
  package var max: Double

  /// Nil without values.
  package init?(_ values: [Double]) {
    guard let min = values.min(), let max = values.max() else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    self.min = min
    self.max = max
    deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
  }
}
