/// How often numbers fall into parts of equal width of their range.
package struct Histogram: Sendable, Equatable {
  /// The lower bound of the first bin and the upper bound of the last one.
  package var minimum: Double
  package var maximum: Double
  package var counts: [Int]

  /// Of the finite numbers; without any, or where all are equal but for what is less than a normal
  /// number, in one bin.
  package init(_ values: some Collection<some BinaryFloatingPoint>, bins: Int) {
    precondition(bins > 0)
    let statistics = TensorStatistics(values)
    let finite = statistics.count - statistics.notFinite
    (minimum, maximum) = (statistics.minimum, statistics.maximum)
    // Halves, for the width of the range of all Doubles is not a Double.
    let width = maximum / 2 - minimum / 2
    guard finite > 0, width.isNormal else {
      if finite == 0 { (minimum, maximum) = (0, 0) }
      counts = [finite]
      return
    }
    counts = Array(repeating: 0, count: bins)
    for element in values {
      let value = Double(element)
      guard value.isFinite else { continue }
      let place = (value / 2 - minimum / 2) / width * Double(bins)
      counts[min(Int(place), bins - 1)] += 1
    }
  }

  /// The lower bound of a bin; of `counts.count`, the upper bound of the last one.
  package func bound(_ bin: Int) -> Double {
    let share = Double(bin) / Double(counts.count)
    return minimum * (1 - share) + maximum * share
  }
}
