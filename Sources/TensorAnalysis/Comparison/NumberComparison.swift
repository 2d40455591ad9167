/// The difference between the numbers of two tensors of one shape. Pairs with an element that
/// is not finite count as changed unless they are equal; no other figure contains them.
package struct NumberComparison: Sendable, Equatable {
  /// The number of elements.
  package var count = 0
  /// The number of elements that are not equal. Two NaN are equal.
  package var changed = 0
  /// The number of changed elements where one of the two numbers is not finite; of complex numbers, the
  /// number of such parts.
  package var notFinite = 0
  package var signFlips = 0
  /// The sums of squares of both tensors, the sum of their products, and the sum of the squares of the
  /// differences.
  var firstSquares = 0.0
  var secondSquares = 0.0
  var products = 0.0
  var differenceSquares = 0.0
  /// The largest absolute difference of finite numbers.
  package var maximum = 0.0
  /// Changed elements by their absolute difference; see `AnalysisKernels.decades`.
  package var histogram = [UInt64](repeating: 0, count: AnalysisKernels.decades)
  /// The elements that changed most, the largest change first.
  package var mostChanged = LargestDifferences()

  package init() {}

  /// Adds the figures of the elements of one tensor, which are the same in the other one.
  mutating func addEqual(_ numbers: NumberStatistics) {
    firstSquares += numbers.squares
    secondSquares += numbers.squares
    products += numbers.squares
  }

  /// Adds the figures of elements that follow, or of another tensor.
  package mutating func add(_ other: NumberComparison) {
    count += other.count
    changed += other.changed
    notFinite += other.notFinite
    signFlips += other.signFlips
    firstSquares += other.firstSquares
    secondSquares += other.secondSquares
    products += other.products
    differenceSquares += other.differenceSquares
    maximum = max(maximum, other.maximum)
    for (bin, count) in other.histogram.enumerated() { histogram[bin] += count }
    mostChanged.add(other.mostChanged)
  }

  /// The root of the sum of the squares of the differences.
  package var distance: Double { differenceSquares.squareRoot() }

  /// 0 to 1.
  package var shareChanged: Double { count == 0 ? 0 : Double(changed) / Double(count) }

  /// The norm of the difference divided by the norm of the first tensor; nil if that norm is zero and the
  /// tensors differ.
  package var relativeNorm: Double? {
    if changed == 0 { return 0 }
    return firstSquares == 0 ? nil : (differenceSquares / firstSquares).squareRoot()
  }

  /// The cosine of the angle between the two tensors; nil if one of them is all zeros.
  package var cosine: Double? {
    guard firstSquares > 0, secondSquares > 0 else { return nil }
    // Rounding must not give equal tensors an angle.
    guard changed > 0 else { return 1 }
    return min(max(products / (firstSquares.squareRoot() * secondSquares.squareRoot()), -1), 1)
  }

  /// At most one element in a hundred has changed.
  package var isSparse: Bool { changed > 0 && shareChanged <= 0.01 }
}
