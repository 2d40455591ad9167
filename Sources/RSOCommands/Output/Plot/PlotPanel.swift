/// Curves or bars over common axes.
package struct PlotPanel: Sendable, Equatable {
  /// A vertical line with a name, such as the end of a pause.
  package struct Mark: Sendable, Equatable {
    package var x: Double
    package var name: String

    package init(x: Double, name: String) {
      (self.x, self.name) = (x, name)
    }
  }

  /// A place between the axes.
  package struct Place: Sendable, Equatable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
      (self.x, self.y) = (x, y)
    }
  }

  package var title: String
  package var xLabel: String
  package var yLabel: String
  package var series: [PlotSeries]
  /// The values are shares of 1, shown in percent.
  package var isShare = false
  /// The vertical axis begins at 0.
  package var fromZero = false
  /// The scale of the vertical axis.
  package var scale = PlotScale.linear
  /// The width of bars, in units of the horizontal axis; nil for curves.
  package var barWidth: Double?
  /// Names of the numbers 0, 1, 2 ... of the horizontal axis; empty if its numbers are shown.
  package var names: [String] = []
  /// Marks of the horizontal axis stand at whole numbers only.
  package var hasWholeMarks = true
  package var marks: [Mark] = []
  /// A line with which bars or curves are to be compared; empty for none.
  package var guide: [Place] = []

  package init(
    title: String, xLabel: String, yLabel: String, series: [PlotSeries], isShare: Bool = false,
    fromZero: Bool = false, scale: PlotScale = .linear
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.isShare = isShare
    self.fromZero = fromZero
    self.scale = scale
  }

  /// The name at a mark of the horizontal axis, cut to 12 characters; nil if it has none.
  func name(of mark: Double) -> String? {
    guard let index = Int(exactly: mark), names.indices.contains(index) else {
      return names.isEmpty ? nil : ""
    }
    return names[index].count > 12 ? names[index].prefix(11) + "…" : names[index]
  }
}
