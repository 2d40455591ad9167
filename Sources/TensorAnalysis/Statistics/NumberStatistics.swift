/// Figures of an array of numbers. NaN and infinities are counted apart: mean, deviation, extremes and norm
/// are those of the finite elements, and are NaN if no element is finite.
///
/// Complex numbers count by their magnitude. 64-bit integers are rounded to 53 bits.
package struct NumberStatistics: Sendable, Equatable {
  package var finite = 0
  package var nans = 0
  package var infinities = 0
  package var zeros = 0
  private var center = 0.0
  /// The sum of (x - mean)^2.
  private var spread = 0.0
  /// The sum of x^2.
  private(set) var squares = 0.0
  private var least = Double.infinity
  private var greatest = -Double.infinity

  package init() {}

  init(
    finite: Int, nans: Int, infinities: Int, zeros: Int, mean: Double, spread: Double,
    squares: Double, minimum: Double, maximum: Double
  ) {
    (self.finite, self.nans, self.infinities, self.zeros) = (finite, nans, infinities, zeros)
    (center, self.spread, self.squares) = (mean, spread, squares)
    (least, greatest) = (minimum, maximum)
  }

  /// Adds the figures of elements that follow (Chan, Golub and LeVeque, 1979).
  ///
  /// *Reproducibility:* the same digits for the same sequence of parts.
  package mutating func add(_ other: NumberStatistics) {
    nans += other.nans
    infinities += other.infinities
    zeros += other.zeros
    guard other.finite > 0 else { return }
    let (before, added) = (Double(finite), Double(other.finite))
    let (distance, share) = (other.center - center, added / (before + added))
    if finite == 0 {
      (center, spread) = (other.center, other.spread)
    } else {
      center += distance * share
      spread += other.spread + distance * distance * before * share
    }
    finite += other.finite
    squares += other.squares
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
  }

  package var count: Int { finite + nans + infinities }
  package var notFinite: Int { nans + infinities }
  package var mean: Double { finite == 0 ? .nan : center }
  /// The root of the biased variance.
  package var standardDeviation: Double {
    finite == 0 ? .nan : (spread / Double(finite)).squareRoot()
  }
  package var minimum: Double { finite == 0 ? .nan : least }
  package var maximum: Double { finite == 0 ? .nan : greatest }
  /// The root of the sum of squares (L2 norm). It is infinite if that sum exceeds the largest `Double`.
  package var norm: Double { finite == 0 ? .nan : squares.squareRoot() }
  /// The root of the mean of squares.
  package var rootMeanSquare: Double { norm / Double(finite).squareRoot() }
  /// 0 to 1; 0 for no elements.
  package var shareOfZeros: Double { count == 0 ? 0 : Double(zeros) / Double(count) }
  /// All elements are the same finite number, and there are at least two.
  package var isConstant: Bool { count > 1 && notFinite == 0 && least == greatest }
}
