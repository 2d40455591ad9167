/// The distributions of the weights of several layers as one picture: a small panel for each.
enum DistributionFigure {
  static func figure(_ distributions: [WeightDistribution], words: String) -> Markup {
    PanelGrid.figure(distributions.map(\.layer), words: words) { index, x, y in
      panel(distributions[index], x: x, y: y)
    }
  }

  private static func panel(_ distribution: WeightDistribution, x: Double, y: Double) -> String {
    let now = shares(distribution.now)
    let before = distribution.beginning.map(shares)
    let most = max(now.max() ?? 0, before?.max() ?? 0)
    let (width, bottom) = (PanelGrid.width, y + PanelGrid.height)
    let step = width / Double(now.count)
    func outline(_ shares: [Double]) -> String {
      shares.enumerated().flatMap { bin, share in
        let up = SVGText.number(bottom - (most > 0 ? share / most : 0) * PanelGrid.height)
        return [0, 1].map { "\(SVGText.number(x + (Double(bin) + $0) * step)),\(up)" }
      }.joined(separator: " ")
    }
    let base = SVGText.number(bottom)
    var text = """
      <polygon class="area c0" points="\(SVGText.number(x)),\(base) \(outline(now)) \
      \(SVGText.number(x + width)),\(base)"/>

      """
    if let before { text += "<polyline class=\"thin c1\" points=\"\(outline(before))\"/>\n" }
    text += SVGText.line("axis", x, bottom, x + width, bottom)
    if distribution.minimum < 0, distribution.maximum > 0 {
      let zero =
        x + width * -distribution.minimum / (distribution.maximum - distribution.minimum)
      text += SVGText.line("axis", zero, bottom, zero, bottom + 4)
    }
    text += SVGText.label(Numbers.value(distribution.minimum), "tick", x: x, y: bottom + 16)
    text += SVGText.label(
      Numbers.value(distribution.maximum), "tick", x: x + width, y: bottom + 16, anchor: "end")
    return text
  }

  private static func shares(_ counts: [Int]) -> [Double] {
    let all = Double(max(1, counts.reduce(0, +)))
    return counts.map { Double($0) / all }
  }
}
