/// Mean and spread of several values.
struct Spread: Sendable, Equatable {
  var mean: Double
  /// The standard deviation of a sample, with n - 1 in the denominator; nil for fewer than two values.
  var std: Double?
  var min: Double
  var max: Double

  /// It is nil without values.
  init?(_ values: [Double]) {
    guard let min = values.min(), let max = values.max() else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    self.min = min
    self.max = max
    std = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
  }
}
