/// Statistics of the weights of one output.
package struct FilterStatistics: Sendable, Equatable {
  package var output: Int
  package var statistics: TensorStatistics

  package init(output: Int, statistics: TensorStatistics) {
    (self.output, self.statistics) = (output, statistics)
  }

  /// The filters of a tensor, one per element of its first dimension. An empty tensor has none.
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

  /// The filters whose weights are at least two and all equal.
  static func constant(
    _ values: some RandomAccessCollection<some BinaryFloatingPoint>, filters: Int
  ) -> [Int] {
    all(values, filters: filters).filter(\.statistics.isConstant).map(\.output)
  }
}
