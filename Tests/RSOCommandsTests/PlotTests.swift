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

  @Test(
    "the end of a tight axis of whole numbers has a mark, and no mark stands close to it",
    arguments: [
      ([1, 487], [100, 200, 300, 400, 487]), ([1, 410], [100, 200, 300, 410]),
      ([1, 500], [100, 200, 300, 400, 500]),
      ([1, 2], [1, 2]),
    ] as [([Double], [Double])])
  func lastMark(values: [Double], ticks: [Double]) {
    #expect(PlotAxis(values, isWhole: true, isTight: true).ticks == ticks)
  }

  @Test(
    "a logarithmic axis has marks at 1, 2 and 5 times powers of ten, or linear ones within a decade",
    arguments: [
      ([0.01, 3], ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]),
      ([1e-6, 1e3], ["1e-5", "0.001", "0.1", "10", "1,000"]),
      ([0.21, 0.29], ["0.20", "0.22", "0.24", "0.26", "0.28", "0.30"]),
      ([0.5, 0.5], ["0.45", "0.50", "0.55"]),
    ] as [([Double], [String])])
  func logarithmic(values: [Double], labels: [String]) {
    let axis = PlotAxis(logarithmic: values)
    #expect(axis.scale == .logarithmic)
    #expect(axis.ticks.map { axis.label($0) } == labels, "\(axis.ticks)")
    #expect(values.allSatisfy { (0.01...0.99).contains(axis.place($0)) })
    let middle = (axis.minimum * axis.maximum).squareRoot()
    #expect(abs(axis.place(middle) - 0.5) < 1e-12)
  }

  @Test("a logarithmic axis for 0 or less is a linear one", arguments: [[0.0, 1], [-1, 1], []])
  func noLogarithm(values: [Double]) {
    #expect(PlotAxis(logarithmic: values).scale == .linear)
  }

  @Test("a thinned curve keeps its ends, its extremes and the order of its points")
  func thinning() {
    var points = (0..<10_000).map { (x: Double($0), y: Double($0 % 7)) }
    points[4321].y = 99
    points[8765].y = -99
    let series = PlotSeries(name: "a", points: points, color: 0)
    let thin = series.thinned(to: 300)
    #expect(thin.points.count <= 302 && thin.points.count > 200)
    #expect(thin.points.first?.x == 0 && thin.points.last?.x == 9999)
    #expect(thin.points.contains { $0 == (4321, 99) } && thin.points.contains { $0 == (8765, -99) })
    #expect(zip(thin.points, thin.points.dropFirst()).allSatisfy { $0.x < $1.x })
    #expect(series.thinned(to: 10_000) == series)
  }

  @Test("curves are named at their ends, apart from each other; many or long names make a legend")
  func names() {
    func text(_ names: [String]) -> String {
      let series = names.map { PlotSeries(name: $0, points: [(1, 1), (2, 1)], color: 0) }
      return SVGPlot(
        [PlotPanel(title: "t", xLabel: "x", yLabel: "y", series: series)], title: "t"
      ).text
    }
    func heights(_ text: String) -> [Double] {
      text.matches(of: /<text class="end c0" x="[0-9.]+" y="([0-9.]+)"/).compactMap {
        Double($0.1)
      }
    }
    let direct = heights(text(["a", "b", "c"])).sorted()
    #expect(direct.count == 3)
    #expect(zip(direct, direct.dropFirst()).allSatisfy { $1 - $0 >= 12.9 })
    #expect(heights(text((0..<10).map { "\($0)" })).isEmpty)
    #expect(heights(text(["a", "a name of more than twenty characters"])).isEmpty)
    #expect(heights(text(["a"])).isEmpty)
  }

  @Test("scattered points are not connected, and none is left out")
  func scattered() {
    var series = PlotSeries(
      name: "", points: (0..<900).map { (x: Double($0), y: Double($0 % 5)) }, color: 0)
    series.isScattered = true
    let text = PlotPanel(title: "t", xLabel: "x", yLabel: "y", series: [series]).figure().text
    #expect(text.matches(of: /class="dot scattered c0"/).count == 900)
    #expect(!text.contains("polyline"))
  }

  @Test("a mean has a band, and bars have whiskers")
  func bands() {
    let band = [
      PlotSeries.Range(x: 1, low: 0.1, high: 0.4), PlotSeries.Range(x: 2, low: 0.2, high: 0.6),
    ]
    let series = PlotSeries(name: "", points: [(1, 0.2), (2, 0.4)], band: band, color: 2)
    var panel = PlotPanel(title: "t", xLabel: "x", yLabel: "y", series: [series])
    let curves = panel.figure().text
    #expect(curves.contains("<polygon class=\"band c2\" points=") && curves.contains("data-plot="))
    panel.barWidth = 0.5
    let bars = panel.figure().text
    #expect(bars.matches(of: /class="whisker"/).count == 2 && !bars.contains("polygon"))
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
    #expect(
      text.contains("prefers-color-scheme: dark")
        && text.contains("&lt;a &amp; &quot;b&quot;&gt;\\x01<"))
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
