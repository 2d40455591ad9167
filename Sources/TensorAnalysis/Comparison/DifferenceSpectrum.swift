import LinearAlgebra
import RSOTensorFiles

/// The singular values of the difference between two matrices: a low rank tells of an adapter that was merged.
package struct DifferenceSpectrum: Sendable, Equatable {
  /// The share of the sum of the squares of the singular values that the rank explains.
  package static let energy = 0.99
  package var rows: Int
  package var columns: Int
  /// The fewest singular values with at least the share `energy` of the sum of all squares.
  package var rank: Int
  package var values: SingularValues

  /// At most a quarter of the full rank.
  package var isLowRank: Bool { rank > 0 && 4 * rank <= min(rows, columns) }

  /// - Parameter pair: Numbers of the same shape of two or more dimensions. The matrix has a row for each
  ///   index of the first one.
  ///
  /// *Throws:* `TensorFileError` for elements that cannot be read, and for too many; `SingularValues.Failure`.
  package init(
    of pair: TensorDifference.Pair, in first: TensorFile, _ second: TensorFile
  ) throws {
    var matrix = try TensorValues.all(of: pair.first, in: first)
    for (index, value) in try TensorValues.all(of: pair.second, in: second).enumerated() {
      matrix[index] = value - matrix[index]
    }
    rows = pair.first.shape.first ?? 1
    columns = rows == 0 ? 0 : matrix.count / rows
    values = try SingularValues(of: matrix, rows: rows, columns: columns)
    rank = values.rank(energy: Self.energy)
  }
}
