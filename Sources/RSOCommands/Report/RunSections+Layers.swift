import RSORuns
import RSOSearch

extension RunSections {
  /// Heat maps, tables and distributions of the layers.
  var layers: Markup {
    let rows = run.layers
    let distributions = WeightDistribution.all(run.inspection)
    let isMarked: (LayerRow) -> Bool = { !$0.marks.isEmpty }
    return template.fill(
      "layers",
      [
        "marks": ProblemList(run.inspection.marks, template: template).markup,
        "heat-maps": heatMaps,
        "weights": Report(rows, columns: LayerRow.weightTable).markup(
          caption: "Weights of each layer", place: "\(place).checkpoint.layers", isMarked: isMarked),
        "search": Report(rows, columns: LayerRow.searchTable).markup(
          caption: "Search in each layer", place: "\(place).checkpoint.layers", isMarked: isMarked),
        "distributions": distributions.isEmpty
          ? .empty
          : DistributionFigure.figure(
            distributions,
            words: "Distribution of the weights of \(Numbers.count(distributions.count, "layer"))"),
        "note": Markup(
          (distributions.isEmpty
            ? "No layer has finite weights."
            : run.inspection.beginning == nil
              ? "The share of the weights at each value. The beginning of the run is not known."
              : "The share of the weights at each value: filled now, as a line at the beginning of the run.")
            + WeightDistribution.notShown(of: run.inspection)),
        "by-cycle": weightsByCycle,
      ])
  }

  private var weightsByCycle: Markup {
    guard let weights = run.weightsByCycle else { return .empty }
    let isCourse = weights.cycles.count >= WeightsByCycleFigure.fewestStates
    return template.fill(
      "by-cycle",
      [
        "figure": isCourse ? WeightsByCycleFigure.figure(weights) : .empty,
        "note": Markup(
          (isCourse
            ? "The line is the median. The bands hold 50 %, 90 % and all of the weights. "
            : "Too few checkpoints for a picture. ") + weights.remark),
      ])
  }

  private var heatMaps: Markup {
    let cycles = run.history.cycles.map(\.record)
    guard let first = cycles.first, let last = cycles.last else { return .empty }
    let names = run.history.layers
    func values(_ value: (CycleRecord, Int) -> Double) -> [[Double]] {
      names.indices.map { layer in cycles.map { value($0, layer) } }
    }
    let shares = HeatMap(
      title: "Accepted changes", xLabel: "cycles", rows: names,
      values: values { $0.tallies[$1].shareChanged }, columns: first.cycle...last.cycle,
      isShare: true)
    let deviations = values { $0.deviations[$1] }
    let known = deviations.joined().filter { $0 > 0 && $0.isFinite }
    let isWide = (known.max() ?? 1) > 10 * (known.min() ?? 1)
    let sizes = HeatMap(
      title: "Deviation of the changes", xLabel: "cycles", rows: names, values: deviations,
      columns: first.cycle...last.cycle, scale: isWide ? .logarithmic : .linear)
    func words(_ title: String, _ text: (CycleRecord, Int) -> String) -> String {
      title
        + names.indices.map { "\(names[$0]) from \(text(first, $0)) to \(text(last, $0))" }
        .joined(separator: ", ")
    }
    return shares.figure(
      words("Share of steps that changed the weight, by layer and cycle: ") {
        Numbers.percent($0.tallies[$1].shareChanged)
      })
      + sizes.figure(
        words("Deviation of the changes that were tried, by layer and cycle: ") {
          Numbers.value($0.deviations[$1])
        })
  }
}
