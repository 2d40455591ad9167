/// One curve, and the band around it if it is a mean.
package struct PlotSeries: Sendable, Equatable {
  /// The lowest and highest value at a place of the horizontal axis.
  package struct Range: Sendable, Equatable {
    package var x: Double
    package var low: Double
    package var high: Double

    package init(x: Double, low: Double, high: Double) {
      (self.x, self.low, self.high) = (x, low, high)
    }
  }

  package var name: String
  package var points: [(x: Double, y: Double)]
  /// A band around a curve; for bars, the ends of whiskers.
  package var band: [Range]
  /// Index into the picture's colours. Curves that belong together share a colour.
  package var color: Int
  package var isDashed = false
  /// The points are not connected.
  package var isScattered = false
  /// Larger coordinates are left out, so that the length of an axis stays finite.
  private static let largest = 1e100

  package init(
    name: String, points: [(x: Double, y: Double)], band: [Range] = [], color: Int,
    isDashed: Bool = false
  ) {
    self.name = name
    self.points = points.filter { abs($0.x) < Self.largest && abs($0.y) < Self.largest }
    self.band = band.filter {
      abs($0.x) < Self.largest && abs($0.low) < Self.largest && abs($0.high) < Self.largest
    }
    self.color = color
    self.isDashed = isDashed
  }

  package static func == (first: PlotSeries, second: PlotSeries) -> Bool {
    first.name == second.name && first.color == second.color && first.isDashed == second.isDashed
      && first.isScattered == second.isScattered
      && first.band == second.band
      && first.points.elementsEqual(second.points) { $0 == $1 }
  }

  /// The values of the vertical axis.
  var values: [Double] { points.map(\.y) + band.flatMap { [$0.low, $0.high] } }
}

extension PlotSeries {
  /// Returns the curve with at most about `limit` points: in each of equal parts of its points, the lowest and
  /// the highest one stay, so that no outlier disappears; and the first and the last point.
  package func thinned(to limit: Int) -> PlotSeries {
    var thin = self
    if points.count > limit {
      let kept = Self.kept(points.map(\.y), limit: limit)
      thin.points = kept.map { points[$0] }
    }
    if band.count > limit {
      // The widest place of each part.
      let kept = Self.kept(band.map { $0.high - $0.low }, limit: limit)
      thin.band = kept.map { band[$0] }
    }
    return thin
  }

  /// Returns the same curve without the points that a logarithmic axis cannot show.
  package var positive: PlotSeries {
    var series = self
    series.points.removeAll { $0.y <= 0 }
    series.band.removeAll { $0.low <= 0 }
    return series
  }

  private static func kept(_ values: [Double], limit: Int) -> [Int] {
    let parts = max(1, (limit - 2) / 2)
    var kept: Set<Int> = [0, values.count - 1]
    for part in 0..<parts {
      let range = (part * values.count / parts)..<((part + 1) * values.count / parts)
      if let low = range.min(by: { values[$0] < values[$1] }) { kept.insert(low) }
      if let high = range.max(by: { values[$0] < values[$1] }) { kept.insert(high) }
    }
    return kept.sorted()
  }
}
