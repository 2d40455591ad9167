/// A panel in SVG, at a place of a picture.
///
/// Curves are named at their ends. If there are many, or their names are long, a legend names them instead.
struct PanelDrawing {
  static let width = 480.0
  private static let plotHeight = 220.0
  /// The least room for the numbers of the vertical axis and its label, and on the other side.
  private static let left = 68.0
  private static let right = 20.0
  private static let top = 44.0
  private static let legendLine = 18.0
  /// Room below the plot for the numbers, the label, and the legend's first line.
  private static let axisRoom = 52.0
  private static let mostDirectLabels = 9
  private static let longestDirectLabel = 20
  /// More points are not seen as more.
  private static let mostPoints = 300
  /// A thick line through more points is a blot where they vary.
  private static let fewPoints = 120
  private static let mostPointsTogether = 2400

  private let panel: PlotPanel
  private let x: Double
  private let y: Double
  private let named: [PlotSeries]
  private let labelsAtEnds: Bool
  private let xAxis: PlotAxis
  private let yAxis: PlotAxis
  /// The left end of the frame, and its width: between the numbers of the vertical axis and the names of curves.
  private let left: Double
  private let plotWidth: Double

  init(_ panel: PlotPanel, x: Double = 0, y: Double = 0) {
    var panel = panel
    if panel.scale == .logarithmic { panel.series = panel.series.map(\.positive) }
    let limit = min(Self.mostPoints, max(40, Self.mostPointsTogether / max(1, panel.series.count)))
    if panel.barWidth == nil {
      panel.series = panel.series.map { $0.isScattered ? $0 : $0.thinned(to: limit) }
    }
    self.panel = panel
    (self.x, self.y) = (x, y)
    named = panel.series.filter { !$0.name.isEmpty && !$0.points.isEmpty }
    labelsAtEnds =
      panel.barWidth == nil && (2...Self.mostDirectLabels).contains(named.count)
      && named.allSatisfy { $0.name.count <= Self.longestDirectLabel }
    let points = panel.series.flatMap(\.points)
    let margin = (panel.barWidth ?? 0) / 2
    let ends =
      points.map(\.x).flatMap { margin == 0 ? [$0] : [$0 - margin, $0 + margin] }
      + panel.guide.map(\.x)
    let xAxis = PlotAxis(
      ends, count: Self.marks(panel), isWhole: panel.hasWholeMarks,
      isTight: panel.hasWholeMarks || panel.barWidth != nil ? Set(ends).count > 1 : false)
    self.xAxis = xAxis
    let values =
      panel.series.flatMap(\.values) + panel.guide.map(\.y) + (panel.fromZero ? [0] : [])
    let yAxis = panel.scale == .logarithmic ? PlotAxis(logarithmic: values) : PlotAxis(values)
    self.yAxis = yAxis
    let numbers = yAxis.ticks.map { SVGText.width(yAxis.label($0, isShare: panel.isShare)) }
    left = x + max(Self.left, 34 + (numbers.max() ?? 0))
    let names = labelsAtEnds ? named.map { SVGText.width($0.name) + 12 }.max() ?? 0 : 0
    let number =
      xAxis.ticks.last.map { SVGText.width(panel.name(of: $0) ?? xAxis.label($0)) / 2 + 2 } ?? 0
    plotWidth = x + Self.width - left - max(Self.right, names, number)
  }

  /// The number of marks of the horizontal axis: one for each name if there is room for all.
  private static func marks(_ panel: PlotPanel) -> Int {
    let widths = panel.names.indices.compactMap { panel.name(of: Double($0)) }.map(SVGText.width)
    let room = width - left - right
    return Double(widths.count) * ((widths.max() ?? 0) + 8) < room ? max(5, widths.count) : 5
  }

  // MARK: Places

  var height: Double {
    Self.top + Self.plotHeight + Self.axisRoom + Double(legendRows.count) * Self.legendLine
  }

  private var bottom: Double { y + Self.top + Self.plotHeight }

  private func label(of tick: Double) -> String { panel.name(of: tick) ?? xAxis.label(tick) }
  private func across(_ value: Double) -> Double { left + xAxis.place(value) * plotWidth }
  private func up(_ value: Double) -> Double { bottom - yAxis.place(value) * Self.plotHeight }

  // MARK: Drawing

  var text: String {
    var text = "<g>\n" + SVGText.label(panel.title, "title", x: left, y: y + 22)
    text += axes
    for mark in panel.marks where (0...1).contains(xAxis.place(mark.x)) {
      text += SVGText.line("mark", across(mark.x), bottom - Self.plotHeight, across(mark.x), bottom)
      let isRight = xAxis.place(mark.x) > 0.6
      text += SVGText.label(
        mark.name, "tick", x: across(mark.x) + (isRight ? -4 : 4),
        y: isLow(at: mark.x) ? bottom - Self.plotHeight + 12 : bottom - 6,
        anchor: isRight ? "end" : "start")
    }
    if panel.barWidth == nil { for series in panel.series { text += band(series) } }
    for series in panel.series {
      text += panel.barWidth.map { bars(series, width: $0) } ?? curve(series)
    }
    if !panel.guide.isEmpty {
      let places = panel.guide.map { "\(SVGText.number(across($0.x))),\(SVGText.number(up($0.y)))" }
      text += "<polyline class=\"guide\" points=\"\(places.joined(separator: " "))\"/>\n"
    }
    if panel.series.allSatisfy(\.points.isEmpty) {
      text += SVGText.label(
        "no finished cycle", "label", x: left + plotWidth / 2, y: bottom - Self.plotHeight / 2,
        anchor: "middle")
    }
    return text + (labelsAtEnds ? endLabels : legend) + "</g>\n"
  }

  /// The scales, for a script that finds the values under the pointer: the frame's left, right, top and bottom
  /// end, and the values there.
  var scales: String {
    let frame = [left, left + plotWidth, bottom - Self.plotHeight, bottom].map(SVGText.number)
    let ends = [xAxis.minimum, xAxis.maximum, yAxis.minimum, yAxis.maximum].map { "\($0)" }
    return (frame + ends + [yAxis.scale.rawValue, panel.isShare ? "share" : "number"])
      .joined(separator: " ")
  }

  /// True if the curves are in the lower half of the plot at this place, so that the upper half has room for a name.
  private func isLow(at x: Double) -> Bool {
    let places = panel.series.compactMap { series in
      series.points.min { abs($0.x - x) < abs($1.x - x) }.map { yAxis.place($0.y) }
    }
    return places.reduce(0, +) < 0.5 * Double(places.count)
  }

  private var axes: String {
    var text = ""
    for tick in yAxis.ticks {
      text += SVGText.line("grid", left, up(tick), left + plotWidth, up(tick))
      text += SVGText.label(
        yAxis.label(tick, isShare: panel.isShare), "tick", x: left - 8, y: up(tick) + 4,
        anchor: "end")
    }
    for tick in xAxis.ticks {
      text += SVGText.line("axis", across(tick), bottom, across(tick), bottom + 5)
      text += SVGText.label(
        label(of: tick), "tick", x: across(tick), y: bottom + 19,
        anchor: "middle")
    }
    text += SVGText.line("axis", left, bottom, left + plotWidth, bottom)
    text += SVGText.label(
      panel.xLabel, "label", x: left + plotWidth / 2, y: bottom + 39, anchor: "middle")
    return text
      + SVGText.upright(panel.yLabel, "label", x: x + 16, y: bottom - Self.plotHeight / 2)
  }

  private func band(_ series: PlotSeries) -> String {
    guard series.band.count > 1 else { return "" }
    let places =
      series.band.map { ($0.x, $0.high) } + series.band.reversed().map { ($0.x, $0.low) }
    let list = places.map { "\(SVGText.number(across($0))),\(SVGText.number(up($1)))" }
    return """
      <polygon class="band \(PlotStyle.name(series.color))" points="\(list.joined(separator: " "))"/>

      """
  }

  private func curve(_ series: PlotSeries) -> String {
    guard !series.points.isEmpty else { return "" }
    guard !series.isScattered else { return scatter(series) }
    let style =
      PlotStyle.name(series.color) + (series.isDashed ? " dashed" : "")
      + (series.points.count > Self.fewPoints ? " fine" : "")
    let places = series.points.map { "\(SVGText.number(across($0.x))),\(SVGText.number(up($0.y)))" }
    let name = series.name.isEmpty ? "" : " data-name=\"\(Markup.escaped(series.name))\""
    var text =
      "<polyline class=\"curve \(style)\"\(name) points=\"\(places.joined(separator: " "))\"/>\n"
    // A single point has no line, and few points are easier to see as dots.
    if series.points.count <= 30, !series.isDashed {
      for point in series.points {
        text += """
          <circle class="dot \(style)" cx="\(SVGText.number(across(point.x)))" \
          cy="\(SVGText.number(up(point.y)))" r="2.2"/>

          """
      }
    }
    return text
  }

  private func scatter(_ series: PlotSeries) -> String {
    let style = PlotStyle.name(series.color)
    return series.points.map { point in
      """
      <circle class="dot scattered \(style)" cx="\(SVGText.number(across(point.x)))" \
      cy="\(SVGText.number(up(point.y)))" r="3"/>

      """
    }.joined()
  }

  private func bars(_ series: PlotSeries, width: Double) -> String {
    series.points.map { point in
      let (left, right) = (across(point.x - width / 2), across(point.x + width / 2))
      // A gap between two bars, where they are wide enough.
      let inner = max(right - left - 1, (right - left) * 0.8)
      return """
        <rect class="bar \(PlotStyle.name(series.color))" x="\(SVGText.number(left))" \
        y="\(SVGText.number(up(point.y)))" width="\(SVGText.number(inner))" \
        height="\(SVGText.number(up(0) - up(point.y)))"/>

        """
    }.joined()
      + series.band.map {
        SVGText.line("whisker", across($0.x), up($0.low), across($0.x), up($0.high))
      }.joined()
  }

  // MARK: Names

  /// The names at the ends of the curves, moved apart so that each can be read.
  private var endLabels: String {
    let distance = 13.0
    let ends = named.compactMap { series in
      series.points.last.map { (series: series, at: up($0.y), x: across($0.x)) }
    }.sorted { $0.at < $1.at }
    var places = ends.map(\.at)
    for index in places.indices.dropFirst() {
      places[index] = max(places[index], places[index - 1] + distance)
    }
    // Labels that now lie below the frame move up to its edge, and those above them as far as they must.
    var limit = bottom
    for index in places.indices.reversed() {
      places[index] = min(places[index], limit)
      limit = places[index] - distance
    }
    let x = left + plotWidth + 8
    return zip(ends, places).map { end, place in
      let style = PlotStyle.name(end.series.color)
      let isMoved = abs(place - end.at) > 4 || x - end.x > 14
      let leader =
        isMoved ? SVGText.line("leader \(style)", end.x + 2, end.at, x - 2, place) : ""
      return leader + SVGText.label(end.series.name, "end \(style)", x: x, y: place + 4)
    }.joined()
  }

  /// Returns the named curves in lines that fit under a panel; no line for a single curve. A curve
  /// without a name shares the entry of another one.
  private var legendRows: [[PlotSeries]] {
    guard panel.series.count > 1, !labelsAtEnds else { return [] }
    var rows: [[PlotSeries]] = [[]]
    var used = 0.0
    for series in panel.series where !series.name.isEmpty {
      let width = Self.legendWidth(series)
      if used + width > Self.width - Self.left - Self.right, !rows[rows.count - 1].isEmpty {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(series)
      used += width
    }
    return rows
  }

  private static func legendWidth(_ series: PlotSeries) -> Double {
    46 + SVGText.width(series.name)
  }

  private var legend: String {
    var text = ""
    for (row, entries) in legendRows.enumerated() {
      let middle = bottom + Self.axisRoom + 6 + Double(row) * Self.legendLine
      var place = left
      for series in entries {
        let style = PlotStyle.name(series.color) + (series.isDashed ? " dashed" : "")
        text += SVGText.line("curve \(style)", place, middle, place + 22, middle)
        text += SVGText.label(series.name, "tick", x: place + 28, y: middle + 4)
        place += Self.legendWidth(series)
      }
    }
    return text
  }
}
