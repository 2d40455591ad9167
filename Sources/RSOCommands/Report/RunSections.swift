import RSOCheckpoints
import RSONetworks
import RSONumerics
import RSORuns
import RSOSearch
import RSOSystem

/// The sections of a report about one run, except for its curves.
struct RunSections {
  let run: ReportedRun
  /// The path of the run in the JSON.
  let place: String
  let template: MarkupTemplate

  init(_ run: ReportedRun, place: String, template: MarkupTemplate) {
    (self.run, self.place, self.template) = (run, place, template)
  }

  private var plan: SearchPlan { run.checkpoint.plan }

  /// A line for a closed part: what the run reached.
  var facts: String {
    let figure = run.scores.last.map { score in
      score.accuracy.map { "\(score.set) accuracy \(Numbers.percent($0))" }
        ?? "\(score.set) loss \(Numbers.loss(score.loss))"
    }
    return ["seed \(plan.seed)", progress, figure].compactMap { $0 }.joined(separator: ", ")
  }

  var progress: String {
    let done = run.checkpoint.state.cursor.cycle
    return done >= plan.options.cycles
      ? Numbers.count(done, "cycle") : "\(done) of \(Numbers.count(plan.options.cycles, "cycle"))"
  }

  // MARK: Head

  var head: Markup {
    template.fill(
      "head",
      [
        "sentence": Markup(sentence),
        "marks": run.inspection.marks.isEmpty
          ? .empty : ProblemList(run.inspection.marks, template: template).markup,
        "scores": run.scores.isEmpty
          ? .empty
          : run.scoreReport.markup(
            caption: "As the run recorded it: best and last cycle", place: "\(place).scores"),
        "evaluated": evaluated,
        "operations": operations, "options": options, "data": data,
      ])
  }

  private var sentence: String {
    let history = run.history
    let seconds = history.cycles.reduce(0) { $0 + $1.record.seconds }
    let layers = run.inspection.layout.layers.count { $0.tensor(.weight) != nil }
    var text =
      "The network '\(plan.architecture.name)' (\(Numbers.count(layers, "layer")) with weights, "
      + "\(Numbers.count(run.inspection.layout.parameterCount, "parameter"))) was searched on "
      + "\(plan.data.name) for \(progress)"
    if let updates = history.cycles.last?.updates {
      text += " (\(Numbers.count(updates, "weight update"))) in \(Numbers.duration(seconds))"
    }
    let resumes = run.checkpoint.provenance.resumes
    text += resumes == 0 ? ", without interruption." : ", resumed \(Numbers.times(resumes))."
    if run.checkpoint.isOutOfPatience, history.cycles.count < plan.options.cycles {
      text += " It ended early, because it got no better."
    }
    if let best = run.checkpoint.history.best(by: run.inspection.stored.criterion) {
      text += " Best: \(DataText.best(best, by: run.inspection.stored.criterion))."
    }
    return text
  }

  /// The first figure of each set, measured for the page.
  private var evaluated: Markup {
    let figures = run.evaluations.compactMap { evaluation -> String? in
      guard let figure = evaluation.figures.overall.first else { return nil }
      let style: Numbers.Style = figure.kind == .share ? .percent : .value
      let interval = figure.interval.map {
        " (95 % interval \(style.text(of: $0.lower.reportValue)) to "
          + "\(style.text(of: $0.upper.reportValue)))"
      }
      return "\(evaluation.name) \(figure.title) \(style.text(of: figure.value.reportValue))"
        + (interval ?? "")
    }
    guard let cycle = run.evaluations.first?.report.cycle, !figures.isEmpty else { return .empty }
    return template.fill(
      "paragraph",
      [
        "text": Markup(
          "Measured for this page, after \(Numbers.count(cycle, "cycle")): "
            + "\(figures.joined(separator: "; ")).")
      ])
  }

  private var operations: Markup {
    let input = template.fill(
      "operation",
      [
        "kind": Markup("input"), "name": Markup("samples"),
        "shape": Markup(Self.text(plan.architecture.input)),
      ])
    return input
      + run.operationReport.rows.map { operation in
        template.fill(
          "operation",
          [
            "kind": Markup(operation.layer == nil ? "plain" : "weighted"),
            "name": Markup(operation.layer.map { "\($0): \(operation.name)" } ?? operation.name),
            "shape": Markup(Self.text(operation.output)),
          ])
      }.joined()
  }

  /// `16 x 7 x 7`; `10` for features.
  private static func text(_ shape: ImageShape) -> String {
    shape.area == 1 ? Numbers.grouped(shape.channels) : "\(shape)"
  }

  private var options: Markup {
    let changed = InspectionHeader.changedOptions(plan)
    guard !changed.isEmpty else {
      return template.fill("paragraph", ["text": Markup("All options have their defaults.")])
    }
    return factList(
      changed.map { option in
        (
          "--\(option.name)",
          Markup(option.value + " ")
            + .element("span", ["class": "default"], "(default \(option.defaultValue))")
        )
      })
  }

  private var data: Markup {
    let data = plan.data
    var facts: [(String, Markup)] = [
      ("name", Markup(data.name)), ("samples", Markup(DataText.sets(data))),
      ("shape", Markup("\(data.shape)")),
    ]
    if let names = data.outputNames {
      let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
      facts.append((data.outputsNoun, Markup("\(Numbers.grouped(data.outputs)): \(shown)")))
    } else {
      facts.append((data.outputsNoun, Markup(Numbers.grouped(data.outputs))))
    }
    facts.append(("training SHA-256", digest(data.trainingSHA256)))
    if let sha256 = data.validationSHA256 { facts.append(("validation SHA-256", digest(sha256))) }
    if data.testCount > 0 { facts.append(("test SHA-256", digest(data.testSHA256))) }
    return factList(facts)
  }

  // MARK: Provenance

  var provenance: Markup {
    let origin = run.checkpoint.provenance
    var facts: [(String, Markup)] = [
      ("checkpoint", Markup(run.path)), ("run", digest(origin.runID)),
      ("begun", Markup(Numbers.date(origin.created))),
      ("saved", Markup(Numbers.date(origin.saved))),
      ("host", Markup(origin.host)), ("rso", Markup(origin.version)),
      ("numeric path", Markup("\(origin.numericPath) on \(origin.instructionSet)")),
      ("seed", Markup("\(plan.seed)")),
      (
        "interruptions",
        Markup(origin.resumes == 0 ? "none" : "resumed \(Numbers.times(origin.resumes))")
      ),
    ]
    if let from = origin.resumedFrom { facts.append(("last resumed from", digest(from))) }
    if let other = origin.differentBits { facts.append(("trained in parts by", Markup(other))) }
    if let date = origin.resealed { facts.append(("edited", Markup(Numbers.date(date)))) }
    facts.append(("file SHA-256", digest(run.inspection.stored.userBlock.sha256)))
    facts.append(("state SHA-256", digest(run.inspection.stored.stateSHA256)))
    if let place = origin.dataPlace {
      facts.append(("data", Markup(PathText.text(of: place.path))))
    }
    let commands = run.commands
    return template.fill(
      "provenance",
      [
        "facts": factList(facts),
        "pauses": run.pauses.isEmpty
          ? .empty
          : run.pauseReport.markup(
            caption: "Interruptions, and the time that was not spent on training",
            place: "\(place).pauses"),
        "commands": commands.lines.isEmpty
          ? .empty
          : template.fill(
            "commands", ["lines": commands.lines.map { Markup($0) }.joined(separator: "\n")]),
        "remarks": commands.remarks.map {
          template.fill("note", ["text": Markup("\($0.prefix(1).uppercased())\($0.dropFirst()).")])
        }.joined(),
        "architecture": commands.architecture.map { file in
          template.fill(
            "architecture",
            [
              "name": Markup(file.name),
              "text": file.text.split(separator: "\n").map { Markup(String($0)) }
                .joined(separator: "\n"),
            ])
        } ?? .empty,
      ])
  }

  private func digest(_ text: String) -> Markup { .element("span", ["class": "digest"], text) }

  private func factList(_ facts: [(String, Markup)]) -> Markup {
    template.fill(
      "facts",
      [
        "facts": facts.map { template.fill("fact", ["name": Markup($0.0), "value": $0.1]) }.joined()
      ])
  }
}
