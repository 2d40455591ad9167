import Foundation
import RSOCommands
import Testing

@Suite("Pictures of curves")
struct PlotTests {
  @Test(
    "marks stand at round numbers and span the data",
    arguments: [
      ([0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      ([0.57, 0.96], [0.5, 0.6, 0.7, 0.8, 0.9, 1], ["0.5", "0.6", "0.7", "0.8", "0.9", "1.0"]),
      (
        [0, 240_320], [0, 50_000, 100_000, 150_000, 200_000, 250_000],
        ["0", "50,000", "100,000", "150,000", "200,000", "250,000"]
      ),
    ] as [([Double], [Double], [String])])
  func ticks(values: [Double], ticks: [Double], labels: [String]) {
    let axis = PlotAxis(values)
    #expect(zip(axis.ticks, ticks).allSatisfy { abs($0 - $1) < 1e-9 * max(1, abs($1)) })
    #expect(axis.ticks.count == ticks.count)
    #expect(axis.ticks.map { axis.label($0) } == labels)
    #expect(values.allSatisfy { (0...1).contains(axis.place($0)) })
  }

  @Test("cycles have whole marks, and shares are told in percent")
  func kinds() {
    let cycles = PlotAxis([1, 3], isWhole: true, isTight: true)
    #expect(cycles.ticks == [1, 2, 3] && cycles.place(1) == 0 && cycles.place(3) == 1)
    let shares = PlotAxis([0.911, 0.939])
    #expect(shares.label(shares.ticks[0], isShare: true) == "91")
  }

  @Test(
    "there is an axis without data, and about one number",
    arguments: [[], [0], [5], [-3, -3], [0, 5e-324]])
  func degenerate(values: [Double]) {
    let axis = PlotAxis(values)
    #expect(axis.minimum < axis.maximum && axis.ticks.count > 1)
    #expect(values.allSatisfy { (0...1).contains(axis.place($0)) })
  }

  @Test("a picture is well-formed XML, whatever a curve is called, with both colour schemes")
  func wellFormed() throws {
    let series = PlotSeries(
      name: "<a & \"b\">\u{1}", points: [(1, 0.5), (2, .nan), (3, 0.75), (4, 1e308)], color: 9)
    #expect(series.points.count == 2)
    let panels = [
      PlotPanel(title: "a < b", xLabel: "cycles", yLabel: "%", series: [series, series]),
      PlotPanel(title: "none", xLabel: "", yLabel: "", series: []),
      PlotPanel(
        title: "one", xLabel: "", yLabel: "",
        series: [PlotSeries(name: "x", points: [(1, 1)], color: 0)]),
    ]
    let text = SVGPlot(panels, title: "runs/<first>").text
    let parser = Lint()
    #expect(parser.accepts(text))
    #expect(text.contains("prefers-color-scheme: dark") && text.contains("&lt;a &amp; \"b\"&gt;<"))
    #expect(!text.contains("nan") && !text.contains("inf"))
  }
}

/// Checks that tags are closed in the right order and attributes are quoted.
private struct Lint {
  func accepts(_ text: String) -> Bool {
    var open: [Substring] = []
    for tag in text.matches(of: /<(\/?)([a-z]+)((?:\s+[A-Za-z0-9:-]+="[^"<]*")*)\s*(\/?)>/) {
      if tag.1 == "/" {
        guard open.popLast() == tag.2 else { return false }
      } else if tag.4.isEmpty {
        open.append(tag.2)
      }
    }
    let bare = text.replacing(/<(\/?)([a-z]+)((?:\s+[A-Za-z0-9:-]+="[^"<]*")*)\s*(\/?)>/, with: "")
    return open.isEmpty && !bare.contains("<")
  }
}
