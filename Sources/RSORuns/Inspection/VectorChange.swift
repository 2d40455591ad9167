/// How an array of numbers differs from an earlier one of the same shape.
package struct VectorChange: Sendable, Equatable {
  package var count: Int
  /// Elements that are not equal (two NaN are).
  package var changed: Int
  /// Largest absolute difference; NaN where one is not a number.
  package var maximum: Double
  /// Norm of the difference over the norm of the earlier array. Nil where that is zero and the
  /// later one is not.
  package var relativeNorm: Double?
  /// Of the angle between the two arrays; nil where one of them is all zeros.
  package var cosine: Double?
  /// Elements that were positive and are negative, or the other way round.
  package var signFlips: Int

  /// - Parameter tolerance: Which elements count as equal, and as not different at all.
  package init(
    from earlier: some RandomAccessCollection<some BinaryFloatingPoint>,
    to later: some RandomAccessCollection<some BinaryFloatingPoint>,
    tolerance: Tolerance = .exact
  ) {
    precondition(earlier.count == later.count)
    count = earlier.count
    (changed, signFlips, maximum) = (0, 0, 0)
    var (before, after, product, difference) = (0.0, 0.0, 0.0, 0.0)
    for (first, second) in zip(earlier, later) {
      let (a, b) = (Double(first), Double(second))
      before += a * a
      after += b * b
      product += a * b
      guard !tolerance.accepts(a, b) else { continue }
      changed += 1
      let distance = abs(b - a)
      if !(distance <= maximum), !maximum.isNaN { maximum = distance }
      difference += distance * distance
      if a * b < 0 { signFlips += 1 }
    }
    if changed == 0 {
      relativeNorm = 0
    } else {
      relativeNorm = before == 0 ? nil : (difference / before).squareRoot()
    }
    if before == 0 || after == 0 {
      cosine = nil
    } else {
      // Rounding must not make an angle of what has none.
      let quotient = product / (before.squareRoot() * after.squareRoot())
      cosine = changed == 0 ? 1 : min(max(quotient, -1), 1)
    }
  }

  package var shareChanged: Double { count == 0 ? 0 : Double(changed) / Double(count) }
}
