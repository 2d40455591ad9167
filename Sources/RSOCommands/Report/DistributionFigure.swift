/// The distributions of the weights of several layers as one picture: a small panel for each.
enum DistributionFigure {
  private static let columns = 3
  private static let (cellWidth, cellHeight) = (168.0, 104.0)
  private static let plot = (width: 148.0, height: 56.0, top: 20.0)

  static func figure(_ distributions: [WeightDistribution], words: String) -> Markup {
    let rows = (distributions.count + columns - 1) / columns
    let body = distributions.enumerated().map { index, distribution in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return cell(distribution, x: Double(column) * cellWidth + 8, y: Double(row) * cellHeight)
    }.joined()
    return SVGText.figure(
      width: Double(min(columns, distributions.count)) * cellWidth,
      height: Double(rows) * cellHeight, title: words, body)
  }

  private static func cell(_ distribution: WeightDistribution, x: Double, y: Double) -> String {
    let now = shares(distribution.now)
    let before = distribution.beginning.map(shares)
    let most = max(now.max() ?? 0, before?.max() ?? 0)
    let bottom = y + plot.top + plot.height
    let step = plot.width / Double(now.count)
    func outline(_ shares: [Double]) -> String {
      shares.enumerated().flatMap { bin, share in
        let up = SVGText.number(bottom - (most > 0 ? share / most : 0) * plot.height)
        return [0, 1].map { "\(SVGText.number(x + (Double(bin) + $0) * step)),\(up)" }
      }.joined(separator: " ")
    }
    let base = SVGText.number(bottom)
    let name =
      distribution.layer.count > 22 ? distribution.layer.prefix(21) + "…" : distribution.layer
    var text = SVGText.label(name, "label", x: x, y: y + 13)
    text += """
      <polygon class="area c0" points="\(SVGText.number(x)),\(base) \(outline(now)) \
      \(SVGText.number(x + plot.width)),\(base)"/>

      """
    if let before { text += "<polyline class=\"thin c1\" points=\"\(outline(before))\"/>\n" }
    text += SVGText.line("axis", x, bottom, x + plot.width, bottom)
    if distribution.minimum < 0, distribution.maximum > 0 {
      let zero =
        x + plot.width * -distribution.minimum / (distribution.maximum - distribution.minimum)
      text += SVGText.line("axis", zero, bottom, zero, bottom + 4)
    }
    text += SVGText.label(Numbers.value(distribution.minimum), "tick", x: x, y: bottom + 16)
    text += SVGText.label(
      Numbers.value(distribution.maximum), "tick", x: x + plot.width, y: bottom + 16, anchor: "end")
    return text
  }

  private static func shares(_ counts: [Int]) -> [Double] {
    let all = Double(max(1, counts.reduce(0, +)))
    return counts.map { Double($0) / all }
  }
}
