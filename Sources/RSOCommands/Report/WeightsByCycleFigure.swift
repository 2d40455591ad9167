/// The weights of several layers over cycles as one picture: a small panel for each, with bands between quantiles.
enum WeightsByCycleFigure {
  /// Fewer states are no course.
  static let fewestStates = 3
  /// The room for the numbers of the vertical axis.
  private static let left = 40.0

  static func figure(_ weights: WeightsByCycle) -> Markup {
    let words = weights.layers.map { layer in
      func range(_ quantiles: [Double]?) -> String {
        guard let quantiles, let low = quantiles.first, let high = quantiles.last else { return "" }
        return "\(Numbers.value(low)) to \(Numbers.value(high))"
      }
      return "\(layer.name) at first \(range(layer.quantiles.first)), "
        + "at last \(range(layer.quantiles.last))"
    }
    return PanelGrid.figure(
      weights.layers.map(\.name),
      words: "Weights of each layer over cycles: \(words.joined(separator: "; "))"
    ) { index, x, y in
      panel(weights.layers[index].quantiles, weights.cycles, x: x, y: y)
    }
  }

  private static func panel(
    _ quantiles: [[Double]], _ cycles: [Int], x: Double, y: Double
  ) -> String {
    let states = zip(cycles, quantiles).filter { $0.1.allSatisfy(\.isFinite) && !$0.1.isEmpty }
    guard let first = cycles.first, let last = cycles.last, !states.isEmpty else { return "" }
    let (bottom, start) = (y + PanelGrid.height, x + left)
    let width = PanelGrid.width - left
    let values = states.flatMap(\.1)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let margin = high > low ? 0 : max(abs(low) * 0.1, 1e-9)
    func across(_ cycle: Int) -> Double {
      start + width * Double(cycle - first) / Double(max(1, last - first))
    }
    func up(_ value: Double) -> Double {
      bottom - PanelGrid.height * (value - low + margin) / (high - low + 2 * margin)
    }
    func points(_ quantile: Int) -> [String] {
      states.map { "\(SVGText.number(across($0.0))),\(SVGText.number(up($0.1[quantile])))" }
    }
    let count = WeightsByCycle.shares.count
    var text = ""
    // Bands lie on each other, so the inner ones are darker.
    for quantile in 0..<(count / 2) {
      let list = points(quantile) + points(count - 1 - quantile).reversed()
      text += "<polygon class=\"band c0\" points=\"\(list.joined(separator: " "))\"/>\n"
    }
    if low < 0, high > 0 { text += SVGText.line("mark", start, up(0), start + width, up(0)) }
    text += """
      <polyline class="thin c0" points="\(points(count / 2).joined(separator: " "))"/>

      """
    text += SVGText.line("axis", start, bottom, start + width, bottom)
    for (value, place) in [(high, y + 9), (low, bottom)] {
      text += SVGText.label(Numbers.brief(value), "tick", x: start - 5, y: place, anchor: "end")
    }
    text += SVGText.label("\(first)", "tick", x: start, y: bottom + 16)
    return text
      + SVGText.label(
        Numbers.grouped(last), "tick", x: start + width, y: bottom + 16, anchor: "end")
  }
}
