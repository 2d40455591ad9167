extension Targets {
  /// Mean and standard deviation of each number over all samples; empty for other tasks. A constant number has the
  /// deviation 1.
  package var moments: [(mean: Double, deviation: Double)] {
    guard case .numbers(let numbers, let count) = self else { return [] }
    return (0..<count).map { output in
      let values = stride(from: output, to: numbers.count, by: count).map { Double(numbers[$0]) }
      let total = Double(values.count)
      let mean = values.reduce(0, +) / total
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / total).squareRoot()
      return (mean, deviation > 0 ? deviation : 1)
    }
  }
}
