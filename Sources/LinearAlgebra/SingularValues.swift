/// The singular values of a matrix, and the figures that follow from them.
package struct SingularValues: Sendable, Equatable {
  /// Largest first; as many as the matrix's shorter side.
  package let values: [Double]

  package init(values: [Double]) {
    self.values = values
  }

  /// Computes the singular values of a matrix by LAPACK's `dgesdd`.
  ///
  /// - Parameter matrix: *Shape:* rows x columns, row-major.
  ///
  /// *Throws:* `Failure`, also where LAPACK is not installed. *Complexity:*
  /// O(rows * columns * min(rows, columns)). *Reproducibility:* to a few units in the last place; the
  /// order of sums is LAPACK's.
  package init(of matrix: [Double], rows: Int, columns: Int) throws(Failure) {
    precondition(rows >= 0 && columns >= 0 && matrix.count == rows * columns)
    guard rows > 0, columns > 0 else {
      values = []
      return
    }
    guard matrix.allSatisfy(\.isFinite) else { throw .notFinite }
    // LAPACK reads by columns: it gets the transposed matrix, whose singular values are the same.
    guard let height = Int32(exactly: columns), let width = Int32(exactly: rows) else {
      throw .tooLarge
    }
    values = try LAPACK.installed.get().singularValues(of: matrix, rows: height, columns: width)
  }

  /// The sum of the squares divided by the largest square: a rank that ignores small singular
  /// values. *Range:* 1 to the number of values. Nil for a matrix of zeros.
  package var stableRank: Double? {
    guard let first = values.first, first > 0 else { return nil }
    return values.reduce(0) { $0 + ($1 / first) * ($1 / first) }
  }

  /// The largest value divided by the smallest; infinite if the smallest is 0. Nil for a matrix of
  /// zeros.
  package var conditionNumber: Double? {
    guard let first = values.first, let last = values.last, first > 0 else { return nil }
    return first / last
  }

  /// The fewest singular values whose squares have at least this share of the sum of all squares; 0 for a
  /// matrix of zeros.
  ///
  /// - Parameter share: 0 to 1.
  package func rank(energy share: Double) -> Int {
    guard let first = values.first, first > 0 else { return 0 }
    let squares = values.map { ($0 / first) * ($0 / first) }
    let wanted = share * squares.reduce(0, +)
    var sum = 0.0
    for (index, square) in squares.enumerated() {
      sum += square
      if sum >= wanted { return index + 1 }
    }
    return squares.count
  }
}
