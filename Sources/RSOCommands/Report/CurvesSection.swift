import RSORuns

/// The learning curves of all runs.
struct CurvesSection {
  private let runs: [ReportedRun]
  private let template: MarkupTemplate
  /// The rows of a longer table would make the page large.
  private static let mostRows = 1000

  init(_ runs: [ReportedRun], template: MarkupTemplate) {
    (self.runs, self.template) = (runs, template)
  }

  var body: Markup {
    let curves = RunCurves(runs.map(\.history))
    guard runs.contains(where: { !$0.history.cycles.isEmpty }) else {
      return template.fill("paragraph", ["text": Markup("No cycle is finished.")])
    }
    let panels = CurveAxis.allCases.flatMap { axis in
      [PlotScale.linear, .logarithmic].flatMap { scale in
        (curves.accuracies(over: axis, scale: scale) + [curves.loss(over: axis, scale: scale)])
          .map { panel in
            var panel = panel
            panel.marks = marks(axis)
            return Markup.element(
              "div", ["class": "panel \(axis.rawValue) \(scale.rawValue)"],
              panel.figure(words(panel)))
          }
      }
    }
    return template.fill(
      "curves",
      [
        "panels": panels.joined(separator: "\n"), "note": Markup(note), "table": table,
      ])
  }

  /// A panel in words: the first and last value of each curve.
  private func words(_ panel: PlotPanel) -> String {
    let curves = panel.series.compactMap { series -> String? in
      guard let first = series.points.first?.y, let last = series.points.last?.y else { return nil }
      func text(_ value: Double) -> String {
        panel.isShare ? Numbers.percent(value) : Numbers.value(value)
      }
      return "\(series.name.isEmpty ? "" : series.name + " ")from \(text(first)) to \(text(last))"
    }
    return "\(panel.title): \(curves.joined(separator: "; "))"
  }

  private var note: String {
    var parts = [
      "Minibatches: the mean loss of the chosen changes on the minibatches of a cycle. "
        + "Error, on the logarithmic scale: the share of wrong answers."
    ]
    let groups = CurveGroup.all(runs.map(\.history))
    if groups.contains(where: { $0.histories.count > 1 }) {
      parts.append(
        "Runs that differ only in their seeds are one curve: their mean, with a band from the lowest to the "
          + "highest.")
    }
    if let options = CurveGroup.options(groups) {
      parts.append("The names of the curves are the values of \(options).")
    }
    if runs.count == 1, !runs[0].pauses.isEmpty {
      parts.append("Vertical lines mark cycles in which the run was resumed.")
    }
    return parts.joined(separator: " ")
  }

  /// The ends of pauses of a single run.
  private func marks(_ axis: CurveAxis) -> [PlotPanel.Mark] {
    guard runs.count == 1, let run = runs.first else { return [] }
    let places = axis.places(run.history, among: [run.history])
    return run.pauses.filter { $0.cycles.count == 1 }.compactMap { pause in
      let index = pause.cycles.lowerBound - 1
      guard places.indices.contains(index) else { return nil }
      return PlotPanel.Mark(
        x: places[index], name: "resumed\(pause.resumes > 1 ? " \(pause.resumes) times" : "")")
    }
  }

  private var table: Markup {
    guard runs.count == 1, let run = runs.first else { return .empty }
    guard run.history.cycles.count <= Self.mostRows else {
      let text =
        "There is no table of the \(Numbers.count(run.history.cycles.count, "cycle")); rso history prints one."
      return template.fill("note", ["text": Markup(text)])
    }
    return template.fill(
      "folded",
      [
        "title": Markup("All cycles as a table"),
        "body": run.history.report.markup(
          caption: "Finished cycles", place: "runs.0.checkpoint.history"),
      ])
  }
}
