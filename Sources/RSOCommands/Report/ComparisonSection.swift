import RSORuns

/// The section of a report that compares several runs.
struct ComparisonSection {
  private let content: ReportContent
  private let template: MarkupTemplate

  init(_ content: ReportContent, template: MarkupTemplate) {
    (self.content, self.template) = (content, template)
  }

  // MARK: Head

  var head: Markup {
    .element("p", ["class": "lead"], sentence)
      + (content.sweep?.about.map { .element("p", [:], $0) } ?? .empty)
      + content.runReport.markup(caption: "Runs", place: "table")
  }

  private var sentence: String {
    let finished = content.runs.count { $0.isFinished }
    var text = "\(Numbers.count(content.runs.count, "run"))"
    if let sweep = content.sweep {
      text =
        "The sweep '\(sweep.name)' has \(Numbers.count(sweep.results.cells.count, "cell")) and "
        + Numbers.count(content.runs.count + sweep.waiting, "run")
      if sweep.waiting > 0 {
        text += ", of which \(sweep.waiting) \(sweep.waiting == 1 ? "has" : "have") not begun"
      }
    }
    let data = Set(content.runs.map(\.checkpoint.plan.data.name))
    if let name = data.first, data.count == 1 { text += " on \(name)" }
    text +=
      finished == content.runs.count
      ? "; all are finished." : "; \(finished) \(finished == 1 ? "is" : "are") finished."
    if let best = content.best, let value = best.bestValue {
      let criterion = best.inspection.stored.criterion
      let figure = criterion.isShare ? Numbers.percent(value) : Numbers.value(value)
      text += " The best one by \(criterion.title) is \(best.name) with \(figure)."
    }
    return text
  }

  // MARK: Comparison

  var body: Markup {
    var body = cells
    if let comparison = content.comparison {
      let figure = comparison.runs.first?.figure.title ?? "figure"
      body += heading("On the same samples")
      body += comparison.report.markup(
        caption: "\(Numbers.grouped(comparison.samples)) \(comparison.split) samples of "
          + "\(comparison.data): \(figure), and the difference from the \(content.best == nil ? "first" : "best") run",
        place: "comparison.runs")
      body += note(
        "Each run after its last cycle. Difference: from the first row, in percentage points where the figure is a "
          + "share, with its 95 % interval (paired bootstrap). Only first right: samples that the first row alone has "
          + "right. p: McNemar's exact test; "
          + "the probability of a difference of at least this size if both networks are equally good. "
          + (content.best == nil
            ? "No run is the best one: their figures are of other data, or of other losses."
            : "The best run was chosen by its own figure"
              + (comparison.split == "validation"
                ? " on these samples, so its figure is a little too good." : "."))
      )
      if !comparison.groups.isEmpty {
        body += comparison.groupReport.markup(
          caption: "Runs that differ only in their seeds", place: "comparison.groups")
      }
    }
    for text in content.notCompared { body += note("Not compared: \(text).") }
    let effects = content.effectReport
    if !effects.rows.isEmpty {
      body += heading("Effect of each option")
      body += effects.markup(
        caption: "Finished runs with each value, whatever their other options are", place: "effects"
      )
    }
    return body.text.isEmpty
      ? template.fill("paragraph", ["text": Markup("There is nothing to compare yet.")]) : body
  }

  private var cells: Markup {
    guard let sweep = content.sweep else { return .empty }
    return sweep.results.cellReport.markup(
      caption: "Cells: mean and spread over the seeds of finished runs", place: "cells")
  }

  private func heading(_ text: String) -> Markup {
    template.fill("heading", ["text": Markup(text)])
  }

  private func note(_ text: String) -> Markup { template.fill("note", ["text": Markup(text)]) }
}
