/// The colours of a picture, light and dark.
enum PlotStyle {
  /// Distinct for people with any colour vision (after Okabe and Ito), on light and dark background.
  private static let colors: [(light: String, dark: String)] = [
    ("#0072b2", "#58a6e8"), ("#d55e00", "#ff9a5c"), ("#009e73", "#3fd0a4"),
    ("#b0528f", "#e08fc4"), ("#b58900", "#e8c04a"), ("#3aa0d8", "#8fd3ff"),
    ("#6f55b5", "#b3a1f0"), ("#7a7a7a", "#b0b0b0"),
  ]

  /// More curves share colours.
  static var count: Int { colors.count }

  /// The class of a curve.
  static func name(_ color: Int) -> String { "c\(color % colors.count)" }

  static var sheet: String {
    """
    text { font-family: "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; fill: #24292f; }
    .heading { font-size: 17px; font-weight: bold; }
    .title { font-size: 14px; font-weight: bold; }
    .label { font-size: 12px; fill: #57606a; }
    .tick { font-size: 11px; fill: #57606a; }
    .page { fill: #ffffff; }
    .grid { stroke: #e3e6ea; stroke-width: 1; }
    .axis { stroke: #8c959f; stroke-width: 1; }
    .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    .fine { stroke-width: 1.2; }
    .dashed { stroke-dasharray: 5 4; }
    .dot, .band { stroke: none; }
    .band { fill-opacity: 0.16; }
    .bar { fill-opacity: 0.85; }
    .scattered { fill-opacity: 0.5; }
    .end { font-size: 11px; }
    .leader { stroke-width: 1; stroke-opacity: 0.5; }
    .mark { stroke: #8c959f; stroke-width: 1; stroke-dasharray: 2 3; }
    .whisker { stroke: #24292f; stroke-width: 1.2; }
    .guide { fill: none; stroke: #57606a; stroke-width: 1.5; stroke-dasharray: 6 4; }
    \(rules(\.light))
    @media screen and (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .label, .tick { fill: #9da7b1; }
    .page { fill: #0d1117; }
    .whisker { stroke: #e6edf3; }
    .grid { stroke: #262c34; }
    .axis, .mark, .guide { stroke: #6e7681; }
    \(rules(\.dark))
    }
    """
  }

  private static func rules(_ shade: KeyPath<(light: String, dark: String), String>) -> String {
    colors.indices.map { index in
      let color = colors[index][keyPath: shade]
      return
        [".curve", ".leader", ".thin"].map { "\($0).c\(index)" }.joined(separator: ", ")
        + " { stroke: \(color); } "
        + [".dot", ".bar", ".band", ".area", ".end"].map { "\($0).c\(index)" }.joined(
          separator: ", ")
        + " { fill: \(color); }"
    }.joined(separator: "\n")
  }
}
