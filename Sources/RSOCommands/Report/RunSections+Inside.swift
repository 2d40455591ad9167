import RSONetworks
import RSORuns

extension RunSections {
  /// Filters; and if the data are there, what the network does with them.
  var inside: Markup {
    template.fill(
      "inside",
      [
        "filters": run.filters.map { SheetMarkup($0, template: template).markup }
          ?? template.fill(
            "paragraph", ["text": Markup("The weights are too large for a picture.")]),
        "evaluation": run.evaluations.isEmpty
          ? template.fill("heading", ["text": Markup("Answers")])
            + template.fill(
              "note", ["text": Markup("Not evaluated: \(run.noEvaluation ?? "no data").")])
          : run.evaluations.enumerated().map(evaluation).joined(),
      ])
  }

  private func evaluation(_ index: Int, _ evaluation: SetEvaluation) -> Markup {
    let place = "\(place).evaluations.\(index)"
    let name = evaluation.name
    let heading = template.fill(
      "heading", ["text": Markup("Answers on the \(name) set")])
    let isJudged = run.judged?.split == evaluation.split
    let data = run.checkpoint.plan.data.name
    let figures = evaluation.overall.markup(
      caption: "Figures on the \(name) set", place: "\(place).figures")
    let samples =
      "The network after \(Numbers.count(evaluation.report.cycle, "cycle")) was evaluated on "
      + "\(Numbers.count(evaluation.report.samples, "\(name) sample")) of \(data): "
      + evaluation.report.targetScales.unit(of: evaluation.report.lossFunction.meanName)
      + " \(Numbers.loss(evaluation.report.loss))."
    // Confusions and wrong samples invite to change something, which is what the validation set is for.
    guard isJudged else {
      return heading + template.fill("paragraph", ["text": Markup(samples)]) + figures
    }
    return heading
      + template.fill(
        "evaluation",
        [
          "samples": Markup(samples), "figures": figures,
          "confusion": evaluation.figures.confusion.map { confusion($0, place) } ?? .empty,
          "calibration": calibration(evaluation), "numbers": numbers(evaluation),
          "outputs": evaluation.perOutput.markup(
            caption: "Each \(evaluation.figures.outputNoun)", place: "\(place).outputs"),
          "wrong-title": Markup(wrongTitle(evaluation)), "wrong": wrong(evaluation, place),
        ])
  }

  // MARK: Confusion

  private static let mostClasses = 20

  private func confusion(_ confusion: ConfusionMatrix, _ place: String) -> Markup {
    let names = run.outputNames
    guard confusion.classes <= Self.mostClasses else { return large(confusion) }
    let head =
      Markup.element("td") + names.map { .element("th", ["scope": "col"], $0) }.joined()
    let rows = confusion.counts.enumerated().map { label, row -> Markup in
      let all = max(1, row.reduce(0, +))
      let cells = row.map { count -> Markup in
        let share = Double(count) / Double(all)
        return .element(
          "td",
          [
            "style": "--share:\(Numbers.fixed(share.squareRoot(), 3))",
            "class": share > 0.35 ? "deep" : nil,
            "data-value": "\(count)",
          ], count == 0 ? "" : Numbers.grouped(count))
      }
      return .element("tr", [:], .element("th", ["scope": "row"], names[label]) + cells.joined())
    }
    let caption = "Confusion of the classes"
    let table = Markup.element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption],
      .element(
        "table", ["class": "confusion", "data-confusion": "\(place).confusion"],
        .element("caption", [:], caption) + .element("thead", [:], .element("tr", [:], head))
          + .element("tbody", [:], rows.joined(separator: "\n"))))
    return .element(
      "figure", [:],
      table
        + .element(
          "figcaption", [:],
          "A row for each class, a column for each answer. The darker, the larger the share of the class."
        ))
  }

  /// The matrix of many classes as a picture, with the most frequent confusions.
  private func large(_ confusion: ConfusionMatrix) -> Markup {
    let shares = confusion.counts.map { row in
      let all = Double(max(1, row.reduce(0, +)))
      return row.map { Double($0) / all }
    }
    let names = run.outputNames
    let map = HeatMap(
      title: "Confusion", xLabel: "answer (number of the class)",
      rows: confusion.classes <= 40 ? names : names.map { _ in "" }, values: shares,
      columns: 0...(confusion.classes - 1), isShare: true)
    let all = confusion.counts.map { $0.reduce(0, +) }
    let report = Report(
      confusion.largest(20),
      columns: [
        Column<ConfusionMatrix.Confusion>("class", "class", align: .left, in: [.table]) {
          names[$0.label]
        },
        Column("answer", "answer", align: .left, in: [.table]) { names[$0.prediction] },
        Column("count", "samples", as: .grouped, in: [.table], \.count),
        Column("share", "share of the class", as: .percent, in: [.table]) {
          Double($0.count) / Double(max(1, all[$0.label]))
        },
      ])
    return map.figure("Confusion of \(confusion.classes) classes, by class and answer")
      + report.markup(caption: "The most frequent confusions")
  }

  // MARK: Numbers

  private static let mostPoints = 1000
  private static let mostTargets = 4

  /// Predicted and correct numbers, a panel for each of the first targets.
  private func numbers(_ evaluation: SetEvaluation) -> Markup {
    guard case .numbers(let targets, let count) = evaluation.report.targets else { return .empty }
    let samples = evaluation.report.samples
    let step = max(1, (samples + Self.mostPoints - 1) / Self.mostPoints)
    return (0..<min(count, Self.mostTargets)).map { target in
      let points = stride(from: 0, to: samples, by: step).map { sample in
        let index = sample * count + target
        return (x: Double(targets[index]), y: Double(evaluation.report.outputs[index]))
      }
      var series = PlotSeries(name: "", points: points, color: 0)
      series.isScattered = true
      let name = run.outputNames[target]
      var panel = PlotPanel(
        title: count == 1 ? "Predicted and correct" : "Predicted and correct: \(name)",
        xLabel: "correct", yLabel: "predicted", series: [series])
      panel.hasWholeMarks = false
      let correct = series.points.map(\.x)
      if let low = correct.min(), let high = correct.max() {
        panel.guide = [low, high].map { PlotPanel.Place(x: $0, y: $0) }
      }
      return panel.figure("Predicted and correct numbers of \(points.count) samples")
    }.joined()
      + note(
        [
          step > 1
            ? "Shown: every \(Numbers.ordinal(step)) of \(Numbers.count(samples, "sample"))." : nil,
          count > Self.mostTargets
            ? "Shown: the first \(Self.mostTargets) of \(count) targets." : nil,
        ].compactMap { $0 }.joined(separator: " "))
  }

  private func note(_ text: String) -> Markup {
    text.isEmpty ? .empty : template.fill("note", ["text": Markup(text)])
  }

  // MARK: Calibration

  private func calibration(_ evaluation: SetEvaluation) -> Markup {
    guard let bins = evaluation.calibration else { return .empty }
    let width = 1 / Double(CalibrationError.bins)
    let places = bins.indices.map { (Double($0) + 0.5) * width }
    let points = zip(places, bins).compactMap { x, bin in bin.accuracy.map { (x: x, y: $0) } }
    let intervals = zip(places, bins).compactMap { x, bin in
      Interval.wilson(bin.correct, of: bin.samples).map {
        PlotSeries.Range(x: x, low: $0.lower, high: $0.upper)
      }
    }
    var panel = PlotPanel(
      title: "Calibration", xLabel: "probability of the answer", yLabel: "right answers, %",
      series: [PlotSeries(name: "right answers", points: points, band: intervals, color: 0)],
      isShare: true,
      fromZero: true)
    panel.barWidth = width
    panel.hasWholeMarks = false
    panel.guide = [(0, 0), (1, 1)].map { PlotPanel.Place(x: $0.0, y: $0.1) }
    let error = evaluation.figures.overall.first { $0.key == "calibration_error" }?.value
    let words =
      "Calibration: the share of right answers by the probability that the network gives to them"
    return .element(
      "figure", [:],
      panel.figure(words)
        + .element(
          "figcaption", [:],
          "With 95 % intervals. Bars below the line: the network is too sure. Expected calibration error "
            + "\(error.map(Numbers.percent) ?? "-")."))
  }

  // MARK: Wrong samples

  private func wrongTitle(_ evaluation: SetEvaluation) -> String {
    switch evaluation.report.targets.task {
    case .classification: "Wrong answers of which the network is most sure"
    case .multiLabel: "Samples with the most wrong labels"
    case .regression: "Samples with the largest errors"
    }
  }

  private func wrong(_ evaluation: SetEvaluation, _ place: String) -> Markup {
    guard !evaluation.wrong.isEmpty else {
      return template.fill("paragraph", ["text": Markup("All answers are right.")])
    }
    let pictures = evaluation.wrong.compactMap { sample -> Markup? in
      guard let image = sample.picture, let address = image.address else { return nil }
      let measure =
        evaluation.report.targets.task == .regression
        ? Numbers.value(sample.measure) : Numbers.percent(sample.measure)
      return template.fill(
        "sample",
        [
          "address": Markup(address), "width": Markup("84"), "height": Markup("84"),
          "words": Markup("Sample \(sample.index)"),
          "caption": Markup("\(sample.answer) taken for \(sample.prediction), \(measure)"),
        ])
    }
    let all = evaluation.wrongCount
    let first =
      evaluation.wrong.count < all
      ? "The first \(evaluation.wrong.count) of \(Numbers.grouped(all)) samples" : "Samples"
    let features =
      evaluation.featureCount > evaluation.wrong[0].features.count
        && !evaluation.wrong[0].features.isEmpty
      ? "; the first \(evaluation.wrong[0].features.count) of \(evaluation.featureCount) features"
      : ""
    return .element("div", ["class": "samples"], pictures.joined())
      + evaluation.wrongSamples.markup(
        caption: "\(first) by their place in the \(evaluation.name) set, from 0\(features)",
        place: "\(place).wrong")
  }
}
