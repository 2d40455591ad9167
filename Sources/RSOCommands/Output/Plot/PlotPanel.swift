/// One curve.
package struct PlotSeries: Sendable, Equatable {
  package var name: String
  package var points: [(x: Double, y: Double)]
  /// Index into the picture's colours. Curves that belong together share a colour.
  package var color: Int
  package var isDashed = false
  /// Larger coordinates are left out, so that the length of an axis stays finite.
  private static let largest = 1e100

  package init(
    name: String, points: [(x: Double, y: Double)], color: Int, isDashed: Bool = false
  ) {
    self.name = name
    self.points = points.filter { abs($0.x) < Self.largest && abs($0.y) < Self.largest }
    self.color = color
    self.isDashed = isDashed
  }

  package static func == (first: PlotSeries, second: PlotSeries) -> Bool {
    first.name == second.name && first.color == second.color && first.isDashed == second.isDashed
      && first.points.elementsEqual(second.points) { $0 == $1 }
  }
}

/// Curves or bars over common axes.
package struct PlotPanel: Sendable, Equatable {
  package var title: String
  package var xLabel: String
  package var yLabel: String
  package var series: [PlotSeries]
  /// The values are shares of 1, shown in percent.
  package var isShare = false
  /// The vertical axis begins at 0.
  package var fromZero = false
  /// The width of bars, in units of the horizontal axis; nil for curves.
  package var barWidth: Double?
  /// Names of the numbers 0, 1, 2 ... of the horizontal axis; empty if its numbers are shown.
  package var names: [String] = []
  /// Marks of the horizontal axis stand at whole numbers only.
  package var hasWholeMarks = true

  package init(
    title: String, xLabel: String, yLabel: String, series: [PlotSeries], isShare: Bool = false,
    fromZero: Bool = false
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.isShare = isShare
    self.fromZero = fromZero
  }

  /// The name at a mark of the horizontal axis, cut to 12 characters; nil if it has none.
  func name(of mark: Double) -> String? {
    guard let index = Int(exactly: mark), names.indices.contains(index) else {
      return names.isEmpty ? nil : ""
    }
    return names[index].count > 12 ? names[index].prefix(11) + "…" : names[index]
  }
}
