/// Mean and spread of some values.
struct Spread: Sendable, Equatable, Encodable {
  var mean: Double
  /// Standard deviation, that of a sample: n - 1 in the denominator; nil of fewer than two values.
  var std: Double?
  var min: Double
  var max: Double

  /// Nil of no values.
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
