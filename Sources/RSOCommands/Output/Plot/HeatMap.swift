import Glibc

/// Numbers as colours: a row for each layer or class, and a column for each cycle or answer.
struct HeatMap: Sendable, Equatable {
  private static let width = 480.0
  private static let right = 66.0
  private static let top = 44.0
  private static let mostColumns = 240
  private static let longestName = 18

  var title: String
  var xLabel: String
  /// The names of the rows, from the top.
  var rows: [String]
  /// *Shape:* rows x columns. A number that is not known is NaN.
  var values: [[Double]]
  /// The numbers of the first and the last column.
  var columns: ClosedRange<Int>
  /// The values are shares of 1, shown in percent; the colours are those from 0 to 100 %.
  var isShare = false
  var scale = PlotScale.linear

  /// The ends of the colours.
  private var range: (low: Double, high: Double) {
    if isShare { return (0, 1) }
    let known = values.joined().filter { $0.isFinite && (scale == .linear || $0 > 0) }
    let (low, high) = (known.min() ?? 0, known.max() ?? 1)
    return low < high ? (low, high) : (low - max(abs(low), 1) * 0.5, high + max(abs(high), 1) * 0.5)
  }

  func figure(_ words: String) -> Markup {
    let names = rows.map {
      $0.count > Self.longestName ? $0.prefix(Self.longestName - 1) + "…" : $0
    }
    let left = 24 + (names.map(SVGText.width).max() ?? 0)
    let line = max(12, min(26, 220 / Double(max(1, rows.count))))
    let (plotWidth, plotHeight) = (
      Self.width - left - Self.right, line * Double(max(1, rows.count))
    )
    let bottom = Self.top + plotHeight
    var text = SVGText.label(title, "title", x: left, y: 22)
    text += image(x: left, y: Self.top, width: plotWidth, height: plotHeight)
    for (index, name) in names.enumerated() {
      text += SVGText.label(
        name, "tick", x: left - 6, y: Self.top + (Double(index) + 0.5) * line + 4, anchor: "end")
    }
    let axis = PlotAxis(
      [Double(columns.lowerBound), Double(columns.upperBound)], isWhole: true,
      isTight: columns.count > 1)
    for tick in axis.ticks where columns.contains(Int(tick)) {
      let place = (tick - Double(columns.lowerBound) + 0.5) / Double(columns.count)
      text += SVGText.line(
        "axis", left + place * plotWidth, bottom, left + place * plotWidth, bottom + 5)
      text += SVGText.label(
        axis.label(tick), "tick", x: left + place * plotWidth, y: bottom + 18, anchor: "middle")
    }
    text += SVGText.label(
      xLabel, "label", x: left + plotWidth / 2, y: bottom + 38, anchor: "middle")
    text += key(x: left + plotWidth + 12, height: plotHeight)
    return SVGText.figure(width: Self.width, height: bottom + 50, title: words, text)
  }

  /// The colours with their numbers.
  private func key(x: Double, height: Double) -> String {
    var bar = PixelImage(width: 1, height: 64)
    for y in 0..<64 { bar.set(0, y, ColorMap.sequential(1 - Double(y) / 63)) }
    let (low, high) = range
    let middle = scale == .logarithmic ? (low * high).squareRoot() : (low + high) / 2
    var text = Self.embedded(bar, x: x, y: Self.top, width: 10, height: height)
    let ends: [(value: Double, place: Double)] = [(high, 0), (low, 1)]
    let numbers = height < 40 ? ends : ends + [(middle, 0.5)]
    for (value, place) in numbers {
      text += SVGText.label(
        isShare ? "\(Numbers.fixed(value * 100, 0)) %" : Numbers.brief(value), "tick", x: x + 14,
        y: Self.top + place * height + (place == 0 ? 9 : place == 1 ? 0 : 4))
    }
    return text
  }

  private func image(x: Double, y: Double, width: Double, height: Double) -> String {
    let count = values.map(\.count).max() ?? 0
    guard count > 0, !rows.isEmpty else { return "" }
    let columns = min(count, Self.mostColumns)
    var image = PixelImage(width: columns, height: rows.count)
    let (low, high) = range
    for (row, line) in values.enumerated() {
      for column in 0..<columns {
        // Several cycles that share a column have their mean.
        let part = line[(column * count / columns)..<((column + 1) * count / columns)]
        let mean = part.reduce(0, +) / Double(part.count)
        let share =
          scale == .logarithmic
          ? log(mean / low) / log(high / low) : (mean - low) / (high - low)
        image.set(column, row, ColorMap.sequential(share))
      }
    }
    return Self.embedded(image, x: x, y: y, width: width, height: height)
  }

  private static func embedded(
    _ image: PixelImage, x: Double, y: Double, width: Double, height: Double
  ) -> String {
    guard let address = image.address else { return "" }
    return """
      <image class="pixels" x="\(SVGText.number(x))" y="\(SVGText.number(y))" \
      width="\(SVGText.number(width))" height="\(SVGText.number(height))" \
      preserveAspectRatio="none" href="\(address)"/>

      """
  }
}
