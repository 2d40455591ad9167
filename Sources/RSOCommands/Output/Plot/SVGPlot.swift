/// A picture of panels in SVG: two panels side by side, light or dark as the viewer prefers.
package struct SVGPlot {
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
      let pair = panels[row..<min(row + 2, panels.count)].enumerated().map { column, panel in
        let x = Self.gap + Double(column) * (PanelDrawing.width + Self.gap)
        return PanelDrawing(panel, x: x, y: y)
      }
      body += pair.map(\.text).joined()
      y += (pair.map(\.height).max() ?? 0) + Self.gap
    }
    let width = 2 * PanelDrawing.width + 3 * Self.gap
    let size = "\(SVGText.number(width)) \(SVGText.number(y))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" \
      width="\(SVGText.number(width))" height="\(SVGText.number(y))" role="img">
      <title>\(Markup.escaped(title))</title>
      <style>
      \(PlotStyle.sheet)
      </style>
      <rect class="page" width="100%" height="100%"/>
      <text class="heading" x="\(SVGText.number(Self.gap + 6))" y="34">\(Markup.escaped(title))</text>
      \(body)</svg>

      """
  }
}

extension PlotPanel {
  /// The panel as a picture in a page.
  ///
  /// - Parameter words: The picture in words; its title if nil.
  package func figure(_ words: String? = nil) -> Markup {
    let drawing = PanelDrawing(self)
    return SVGText.figure(
      width: PanelDrawing.width, height: drawing.height, title: words ?? title,
      data: barWidth == nil ? drawing.scales : nil, drawing.text)
  }
}
