/// Counts of numbers in bins of equal width.
package struct Histogram: Sendable, Equatable {
  /// The lower bound of the first bin and the upper bound of the last one.
  package var minimum: Double
  package var maximum: Double
  package var counts: [Int]

  package init(minimum: Double, maximum: Double, counts: [Int]) {
    (self.minimum, self.maximum, self.counts) = (minimum, maximum, counts)
  }

  /// Counts the finite numbers. There is one bin if there are none, or if their range is less than a
  /// normal number.
  package init(_ values: some Collection<some BinaryFloatingPoint>, bins: Int) {
    precondition(bins > 0)
    let statistics = TensorStatistics(values)
    let finite = statistics.count - statistics.notFinite
    (minimum, maximum) = (statistics.minimum, statistics.maximum)
    // Halves, because the width of the range of all Doubles is not a Double.
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

  /// The lower bound of a bin. For `counts.count` it is the upper bound of the last bin.
  package func bound(_ bin: Int) -> Double {
    let share = Double(bin) / Double(counts.count)
    return minimum * (1 - share) + maximum * share
  }
}
