/// A picture of panels in SVG: two panels side by side, light or dark as the viewer prefers.
package struct SVGPlot {
  private static let panelWidth = 480.0
  private static let plotHeight = 220.0
  private static let left = 68.0
  private static let right = 20.0
  private static let top = 44.0
  private static let legendLine = 18.0
  /// Room below the plot for the numbers, the label, and the legend's first line.
  private static let axisRoom = 56.0
  private static let gap = 14.0

  private let panels: [PlotPanel]
  private let title: String

  package init(_ panels: [PlotPanel], title: String) {
    self.panels = panels
    self.title = title
  }

  package var text: String {
    var body = ""
    var y = 52.0
    for row in stride(from: 0, to: panels.count, by: 2) {
      let pair = panels[row..<min(row + 2, panels.count)]
      let height = pair.map(Self.height).max() ?? 0
      for (column, panel) in pair.enumerated() {
        let x = Self.gap + Double(column) * (Self.panelWidth + Self.gap)
        body += draw(panel, x: x, y: y)
      }
      y += height + Self.gap
    }
    let width = 2 * Self.panelWidth + 3 * Self.gap
    let size = "\(Self.number(width)) \(Self.number(y))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" \
      width="\(Self.number(width))" height="\(Self.number(y))" role="img">
      <title>\(Self.escaped(title))</title>
      <style>
      \(PlotStyle.sheet)
      </style>
      <rect class="page" width="100%" height="100%"/>
      <text class="heading" x="\(Self.number(Self.gap + 6))" y="34">\(Self.escaped(title))</text>
      \(body)</svg>

      """
  }

  // MARK: A panel

  private static func height(_ panel: PlotPanel) -> Double {
    top + plotHeight + axisRoom + Double(legendRows(panel).count) * legendLine
  }

  private func draw(_ panel: PlotPanel, x: Double, y: Double) -> String {
    let points = panel.series.flatMap(\.points)
    let margin = (panel.barWidth ?? 0) / 2
    let ends = points.map(\.x).flatMap { margin == 0 ? [$0] : [$0 - margin, $0 + margin] }
    let xAxis = PlotAxis(ends, isWhole: panel.hasWholeMarks, isTight: Set(ends).count > 1)
    let yAxis = PlotAxis(points.map(\.y) + (panel.fromZero ? [0] : []))
    let (left, top) = (x + Self.left, y + Self.top)
    let width = Self.panelWidth - Self.left - Self.right
    let bottom = top + Self.plotHeight
    func across(_ value: Double) -> Double { left + xAxis.place(value) * width }
    func up(_ value: Double) -> Double { bottom - yAxis.place(value) * Self.plotHeight }

    var text = "<g>\n"
    text += Self.label(panel.title, "title", x: left, y: y + 22)
    for tick in yAxis.ticks {
      text += Self.line("grid", left, up(tick), left + width, up(tick))
      text += Self.label(
        yAxis.label(tick, isShare: panel.isShare), "tick", x: left - 8, y: up(tick) + 4,
        anchor: "end")
    }
    for tick in xAxis.ticks {
      text += Self.line("axis", across(tick), bottom, across(tick), bottom + 5)
      text += Self.label(
        panel.name(of: tick) ?? xAxis.label(tick), "tick", x: across(tick), y: bottom + 19,
        anchor: "middle")
    }
    text += Self.line("axis", left, bottom, left + width, bottom)
    text += Self.label(
      panel.xLabel, "label", x: left + width / 2, y: bottom + 39, anchor: "middle")
    let middle = top + Self.plotHeight / 2
    text += """
      <text class="label" text-anchor="middle" transform="translate(\(Self.number(x + 16)) \
      \(Self.number(middle))) rotate(-90)">\(Self.escaped(panel.yLabel))</text>

      """
    for series in panel.series {
      text +=
        panel.barWidth.map { Self.bars(series, width: $0, across: across, up: up) }
        ?? Self.curve(series, across: across, up: up)
    }
    if points.isEmpty {
      text += Self.label(
        "no finished cycle", "label", x: left + width / 2, y: middle, anchor: "middle")
    }
    return text + Self.legend(panel, x: left, y: bottom + Self.axisRoom + 6) + "</g>\n"
  }

  private static func curve(
    _ series: PlotSeries, across: (Double) -> Double, up: (Double) -> Double
  ) -> String {
    let style = PlotStyle.name(series.color) + (series.isDashed ? " dashed" : "")
    let places = series.points.map { "\(number(across($0.x))),\(number(up($0.y)))" }
    var text = "<polyline class=\"curve \(style)\" points=\"\(places.joined(separator: " "))\"/>\n"
    // A single point has no line, and few points are easier to see as dots.
    if series.points.count <= 30, !series.isDashed {
      for point in series.points {
        text += """
          <circle class="dot \(style)" cx="\(number(across(point.x)))" cy="\(number(up(point.y)))" \
          r="2.2"/>

          """
      }
    }
    return text
  }

  private static func bars(
    _ series: PlotSeries, width: Double, across: (Double) -> Double, up: (Double) -> Double
  ) -> String {
    series.points.map { point in
      let (left, right) = (across(point.x - width / 2), across(point.x + width / 2))
      // A gap between two bars, where they are wide enough.
      let inner = max(right - left - 1, (right - left) * 0.8)
      return """
        <rect class="bar \(PlotStyle.name(series.color))" x="\(number(left))" \
        y="\(number(up(point.y)))" width="\(number(inner))" \
        height="\(number(up(0) - up(point.y)))"/>

        """
    }.joined()
  }

  // MARK: The legend

  /// Returns the named curves in lines that fit under a panel; no line for a single curve. A curve
  /// without a name shares the entry of another one.
  private static func legendRows(_ panel: PlotPanel) -> [[PlotSeries]] {
    guard panel.series.count > 1 else { return [] }
    var rows: [[PlotSeries]] = [[]]
    var used = 0.0
    for series in panel.series where !series.name.isEmpty {
      let width = legendWidth(series)
      if used + width > panelWidth - left - right, !rows[rows.count - 1].isEmpty {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(series)
      used += width
    }
    return rows
  }

  private static func legendWidth(_ series: PlotSeries) -> Double {
    46 + 6.8 * Double(series.name.count)
  }

  private static func legend(_ panel: PlotPanel, x: Double, y: Double) -> String {
    var text = ""
    for (row, entries) in legendRows(panel).enumerated() {
      let middle = y + Double(row) * legendLine
      var place = x
      for series in entries {
        let style = PlotStyle.name(series.color) + (series.isDashed ? " dashed" : "")
        text += """
          <polyline class="curve \(style)" points="\(number(place)),\(number(middle)) \
          \(number(place + 22)),\(number(middle))"/>

          """
        text += label(series.name, "tick", x: place + 28, y: middle + 4)
        place += legendWidth(series)
      }
    }
    return text
  }

  // MARK: Text

  private static func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double)
    -> String
  {
    """
    <line class="\(style)" x1="\(number(x1))" y1="\(number(y1))" x2="\(number(x2))" \
    y2="\(number(y2))"/>

    """
  }

  private static func label(
    _ text: String, _ style: String, x: Double, y: Double, anchor: String = "start"
  ) -> String {
    """
    <text class="\(style)" x="\(number(x))" y="\(number(y))" text-anchor="\(anchor)">\
    \(escaped(text))</text>

    """
  }

  private static func number(_ value: Double) -> String {
    let text = Numbers.fixed(value, 2)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }

  private static func escaped(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { $0.properties.generalCategory != .control })
    )
    .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
