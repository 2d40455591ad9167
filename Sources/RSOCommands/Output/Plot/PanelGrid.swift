/// Small panels in rows of three, each with a name above it.
enum PanelGrid {
  private static let columns = 3
  private static let (cellWidth, cellHeight) = (172.0, 106.0)
  private static let margin = 8.0
  private static let longestName = 22
  /// The room for a plot and the numbers beside it. Numbers below it have their own room.
  static let width = cellWidth - 2 * margin
  static let height = 58.0

  /// - Parameter panel: Draws a panel, given its index, left end and top.
  static func figure(
    _ names: [String], words: String, panel: (_ index: Int, _ x: Double, _ y: Double) -> String
  ) -> Markup {
    let rows = (names.count + columns - 1) / columns
    let body = names.enumerated().map { index, name in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      let (x, y) = (Double(column) * cellWidth + margin, Double(row) * cellHeight)
      let name =
        name.count > longestName ? name.prefix(longestName - 1) + "…" : name
      return SVGText.label(name, "label", x: x, y: y + 13) + panel(index, x, y + 20)
    }.joined()
    return SVGText.figure(
      width: Double(min(columns, names.count)) * cellWidth, height: Double(rows) * cellHeight,
      title: words, body)
  }
}
