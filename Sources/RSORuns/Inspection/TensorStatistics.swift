/// Statistics of an array of numbers. Mean, standard deviation, extremes and norm are those of its finite
/// elements; they are NaN if no element is finite.
package struct TensorStatistics: Sendable, Equatable {
  package var count: Int
  /// NaN and infinite elements.
  package var notFinite: Int
  package var zeros: Int
  package var mean: Double
  /// The root of the biased variance.
  package var standardDeviation: Double
  package var minimum: Double
  package var maximum: Double
  /// The root of the sum of squares (L2 norm).
  package var norm: Double

  package init(_ values: some Collection<some BinaryFloatingPoint>) {
    count = values.count
    notFinite = 0
    zeros = 0
    var (sum, squares) = (0.0, 0.0)
    (minimum, maximum) = (.infinity, -.infinity)
    for element in values {
      let value = Double(element)
      guard value.isFinite else {
        notFinite += 1
        continue
      }
      if value == 0 { zeros += 1 }
      sum += value
      squares += value * value
      minimum = min(minimum, value)
      maximum = max(maximum, value)
    }
    let finite = Double(count - notFinite)
    guard finite > 0 else {
      (mean, standardDeviation, norm) = (.nan, .nan, .nan)
      (minimum, maximum) = (.nan, .nan)
      return
    }
    mean = sum / finite
    norm = squares.squareRoot()
    var spread = 0.0
    for element in values {
      let value = Double(element)
      if value.isFinite { spread += (value - mean) * (value - mean) }
    }
    standardDeviation = (spread / finite).squareRoot()
  }

  /// Figures that are known already.
  package init(
    count: Int, notFinite: Int, zeros: Int, mean: Double, standardDeviation: Double,
    minimum: Double, maximum: Double, norm: Double
  ) {
    (self.count, self.notFinite, self.zeros) = (count, notFinite, zeros)
    (self.mean, self.standardDeviation, self.norm) = (mean, standardDeviation, norm)
    (self.minimum, self.maximum) = (minimum, maximum)
  }

  /// The root of the mean of squares.
  package var rootMeanSquare: Double { norm / Double(count - notFinite).squareRoot() }

  /// 0 to 1; 0 for no elements.
  package var shareOfZeros: Double { count == 0 ? 0 : Double(zeros) / Double(count) }

  /// All elements are the same finite number, and there are at least two.
  package var isConstant: Bool { count > 1 && notFinite == 0 && minimum == maximum }
}
