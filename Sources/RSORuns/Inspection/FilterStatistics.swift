/// The weights that feed one output.
package struct FilterStatistics: Sendable, Equatable {
  package var output: Int
  package var statistics: TensorStatistics

  /// Divides a tensor by its first dimension; one without numbers has no filters.
  package static func all(
    _ values: some RandomAccessCollection<some BinaryFloatingPoint>, filters: Int
  ) -> [FilterStatistics] {
    guard filters > 0, !values.isEmpty else { return [] }
    let length = values.count / filters
    return (0..<filters).map { filter in
      FilterStatistics(
        output: filter,
        statistics: TensorStatistics(values.dropFirst(filter * length).prefix(length)))
    }
  }

  /// The filters of at least two weights that are all the same.
  static func constant(
    _ values: some RandomAccessCollection<some BinaryFloatingPoint>, filters: Int
  ) -> [Int] {
    all(values, filters: filters).filter(\.statistics.isConstant).map(\.output)
  }
}
