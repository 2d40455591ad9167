import RSODatasets
import RSONetworks
import RSORuns

/// The answers of a network on one set of samples, and figures of them.
struct SetEvaluation: Sendable {
  var split: Split
  /// The digest of the set: equal for two networks that were judged on the same samples.
  var sha256: String
  var report: EvaluationReport
  var figures: EvaluationFigures
  /// The samples by the probability of the predicted class; nil for other tasks.
  var calibration: [CalibrationError.Bin]?
  /// The most wrong samples, and the number of all wrong ones.
  var wrong: [WrongSample]
  var wrongCount: Int
  /// The numbers in a sample.
  var featureCount: Int
  /// The names of the first features; empty if they have none.
  var featureNames: [String]

  /// - Parameter names: The names of the outputs.
  ///
  /// *Throws:* `RunError.noSamples` without samples.
  init(
    _ report: EvaluationReport, of dataset: Dataset, split: Split, names: [String],
    pool: WorkerPool
  ) throws {
    let set = try split.part(of: dataset)
    guard let figures = EvaluationFigures(report, names: names, pool: pool) else {
      throw RunError.noSamples(split: split.rawValue)
    }
    self.split = split
    self.report = report
    self.figures = figures
    sha256 = set.sha256
    calibration = Self.calibration(report, classes: names.count)
    (wrong, wrongCount) = WrongSample.all(report, in: set, names: names)
    featureCount = set.shape.count
    featureNames = dataset.channelNames
  }

  private static func calibration(
    _ report: EvaluationReport, classes: Int
  ) -> [CalibrationError.Bin]? {
    guard case .classes(let labels) = report.targets else { return nil }
    let probabilities = ClassProbabilities(logits: report.outputs, classes: classes)
    return CalibrationError.bins(
      confidences: report.predictions.indices.map {
        probabilities.probability(sample: $0, class: Int(report.predictions[$0]))
      }
    ) { report.predictions[$0] == labels[$0] }
  }

  /// The name of the set in texts.
  var name: String { split == .train ? "training" : split.rawValue }

  // MARK: Tables

  var overall: Report<Figure> {
    Report(
      figures.overall,
      columns: [
        Column("key", in: [.json], \.key),
        Column("figure", "figure", align: .left, in: [.table], \.title),
        Column(
          "value", "value", \.value,
          text: {
            ($0.kind == .share ? Numbers.Style.percent : .value).text(of: $0.value.reportValue)
          }
        ),
        Column(
          "interval", "95 % interval", \.interval,
          text: { figure in
            let style: Numbers.Style = figure.kind == .share ? .percent : .value
            return figure.interval.map {
              "\(style.text(of: $0.lower.reportValue)) to \(style.text(of: $0.upper.reportValue))"
            } ?? "-"
          }),
        Column("remark", "", align: .left, in: [.table], { $0.remark }, text: { $0.remark ?? "" }),
      ])
  }

  /// A row for each class, label or number.
  var perOutput: Report<OutputFigures> {
    let first = figures.outputs.first
    var columns = [
      Column<OutputFigures>("name", figures.outputNoun, align: .left, \.name)
    ]
    if first?.samples != nil {
      columns.append(Column("samples", "samples", as: .grouped, \.samples))
    }
    for (index, figure) in (first?.figures ?? []).enumerated() {
      columns.append(
        Column(figure.key, figure.title, as: figure.kind == .share ? .percent : .value) {
          $0.figures[index].value
        })
    }
    return Report(figures.outputs, columns: columns)
  }

  private struct CalibrationRow {
    var lower: Double
    var bin: CalibrationError.Bin
  }

  private var calibrationReport: Report<CalibrationRow> {
    let width = 1 / Double(CalibrationError.bins)
    return Report(
      (calibration ?? []).enumerated().map { CalibrationRow(lower: Double($0) * width, bin: $1) },
      columns: [
        Column("above", \.lower), Column("samples", \.bin.samples),
        Column("confidence", \.bin.meanConfidence), Column("accuracy", \.bin.accuracy),
      ])
  }

  /// The heading of a wrong sample's measure.
  var measureTitle: String {
    switch report.targets.task {
    case .classification: "probability"
    case .multiLabel: "wrong labels"
    case .regression: figures.outputs.count > 1 ? "error in deviations" : "error"
    }
  }

  var wrongSamples: Report<WrongSample> {
    let isShare = report.targets.task != .regression
    var columns: [Column<WrongSample>] = [
      Column("sample", "sample", \.index),
      Column("answer", "correct", align: .left, \.answer),
      Column("prediction", "predicted", align: .left, \.prediction),
      Column("measure", measureTitle, as: isShare ? .percent : .value, \.measure),
    ]
    for place in 0..<(wrong.first?.features.count ?? 0) {
      let name = featureNames.indices.contains(place) ? featureNames[place] : "feature \(place + 1)"
      columns.append(
        Column("feature_\(place + 1)", name, as: .value, in: [.table]) { $0.features[place] })
    }
    return Report(wrong, columns: columns)
  }

  var json: ReportValue {
    .object([
      "split": .text(split.rawValue), "samples": .integer(report.samples),
      "loss": report.loss.reportValue, "loss_function": .text(report.lossFunction.rawValue),
      "target_scales": report.targetScales.reportText.reportValue,
      "figures": overall.json, "outputs": perOutput.json,
      "confusion": (figures.confusion?.counts).reportValue,
      "calibration": calibration == nil ? .missing : calibrationReport.json,
      "wrong": wrongSamples.json,
    ])
  }
}
