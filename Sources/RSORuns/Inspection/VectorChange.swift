/// The change from an earlier array of numbers to a later one of the same shape.
package struct VectorChange: Sendable, Equatable {
  package var count: Int
  /// The number of elements that are not equal. Two NaN are equal.
  package var changed: Int
  /// The largest absolute difference; NaN if an element of one array is NaN.
  package var maximum: Double
  /// Norm of the difference divided by the norm of the earlier array; nil if that norm is zero and the
  /// arrays differ.
  package var relativeNorm: Double?
  /// The cosine of the angle between the two arrays; nil if one of them is all zeros.
  package var cosine: Double?
  /// The number of elements whose sign has changed.
  package var signFlips: Int

  /// - Parameter tolerance: Elements within it count as equal, with a difference of 0.
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
      // Rounding must not give equal arrays an angle.
      let quotient = product / (before.squareRoot() * after.squareRoot())
      cosine = changed == 0 ? 1 : min(max(quotient, -1), 1)
    }
  }

  package var shareChanged: Double { count == 0 ? 0 : Double(changed) / Double(count) }
}
