/// A row of bars that shows the course of numbers.
package enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// Returns one bar for each number, scaled from the least to the largest. A number that is not finite
  /// has a space. More than `width` numbers are averaged in groups.
  package static func text(_ values: [Double], width: Int = 60) -> String {
    let values = grouped(values, into: max(1, width))
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let largest = finite.max() else {
      return String(repeating: " ", count: values.count)
    }
    // Halves: the difference of two Doubles may be larger than every Double.
    let range = largest / 2 - least / 2
    return String(
      values.map { value in
        guard value.isFinite else { return " " }
        guard range.isNormal else { return bars[3] }
        let height = (value / 2 - least / 2) / range
        return bars[min(Int(height * Double(bars.count)), bars.count - 1)]
      })
  }

  private static func grouped(_ values: [Double], into width: Int) -> [Double] {
    guard values.count > width else { return values }
    return (0..<width).map { place in
      let group = values[(place * values.count / width)..<((place + 1) * values.count / width)]
      return group.reduce(0, +) / Double(group.count)
    }
  }
}
