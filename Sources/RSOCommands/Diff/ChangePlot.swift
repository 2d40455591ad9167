import TensorAnalysis

/// The picture of `rso diff --plot`: how each layer changed, and the sizes of all changes.
enum ChangePlot {
  static func svg(_ difference: FileDifference, title: String) -> String {
    let layers = ChangedLayer.all(difference.pairs)
    let panels = [
      panel("Share of numbers that changed", "share", layers, isShare: true) {
        $0.numbers.shareChanged
      },
      panel("Size of the change", "relative L2", layers) { $0.numbers.relativeNorm },
      panel("Change of direction", "1 - cosine", layers) { layer in
        layer.numbers.cosine.map { 1 - $0 }
      },
      histogram(difference.total),
    ]
    return SVGPlot(panels, title: title).text
  }

  private static func panel(
    _ title: String, _ label: String, _ layers: [ChangedLayer], isShare: Bool = false,
    value: (ChangedLayer) -> Double?
  ) -> PlotPanel {
    let points = layers.enumerated().compactMap { index, layer in
      value(layer).map { (x: Double(index), y: $0) }
    }
    var panel = PlotPanel(
      title: title, xLabel: "layer", yLabel: label,
      series: [PlotSeries(name: "", points: points, color: 0)], isShare: isShare, fromZero: true)
    panel.barWidth = 0.8
    panel.names = layers.map(\.name)
    return panel
  }

  private static func histogram(_ total: NumberComparison) -> PlotPanel {
    let bins = ChangeColumns.bins(total)
    let points = bins.enumerated().map { index, bin in
      (x: Double(index), y: Double(total.histogram[bin]) / Double(max(1, total.count)))
    }
    var panel = PlotPanel(
      title: "Sizes of changes", xLabel: "absolute change, from", yLabel: "share of all numbers",
      series: [PlotSeries(name: "", points: points, color: 1)], isShare: true, fromZero: true)
    panel.barWidth = 0.8
    panel.names = bins.map { "1e\($0 + AnalysisKernels.firstDecade)" }
    return panel
  }
}
