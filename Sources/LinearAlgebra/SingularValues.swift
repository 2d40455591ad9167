internal import CLAPACK

/// The singular values of a matrix, and what follows from them.
package struct SingularValues: Sendable, Equatable {
  /// Largest first; as many as the matrix's shorter side.
  package let values: [Double]

  /// Why there are none.
  package enum Failure: Error, Hashable {
    case notFinite
    /// A side is longer than LAPACK's integers count.
    case tooLarge
    /// LAPACK's own word: its iteration did not converge, or it found no memory.
    case failed(code: Int)
  }

  package init(values: [Double]) {
    self.values = values
  }

  /// - Parameter matrix: rows x columns, row-major.
  ///
  /// *Throws:* `Failure`. *Complexity:* O(rows * columns * min(rows, columns)). *Reproducibility:* to
  /// a few units in the last place; the order of sums is LAPACK's.
  package init(of matrix: [Double], rows: Int, columns: Int) throws(Failure) {
    precondition(rows >= 0 && columns >= 0 && matrix.count == rows * columns)
    guard rows > 0, columns > 0 else {
      values = []
      return
    }
    guard matrix.allSatisfy(\.isFinite) else { throw .notFinite }
    // LAPACK reads by columns: it is given the transpose, whose singular values are the same.
    guard let height = Int32(exactly: columns), let width = Int32(exactly: rows) else {
      throw .tooLarge
    }
    var scratch = matrix
    var values = [Double](repeating: 0, count: min(rows, columns))
    let status = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), height, width, &scratch, height, &values, nil, 1,
      nil, 1)
    guard status == 0 else { throw .failed(code: Int(status)) }
    self.values = values
  }

  /// The sum of the squares over the largest square: how many directions carry the matrix. Nil for
  /// a matrix of zeros.
  package var stableRank: Double? {
    guard let first = values.first, first > 0 else { return nil }
    return values.reduce(0) { $0 + ($1 / first) * ($1 / first) }
  }

  /// The largest over the smallest; infinite where that is 0. Nil for a matrix of zeros.
  package var conditionNumber: Double? {
    guard let first = values.first, let last = values.last, first > 0 else { return nil }
    return first / last
  }
}

extension SingularValues.Failure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFinite: "an element is not finite"
    case .tooLarge: "the matrix is too large"
    case .failed(let code): "LAPACK's dgesdd returned \(code)"
    }
  }
}
