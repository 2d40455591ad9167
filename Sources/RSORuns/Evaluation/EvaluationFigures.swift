import RSONetworks
import RSONumerics

/// The figures of an evaluation, whatever the task.
package struct EvaluationFigures: Sendable, Equatable {
  /// The first one is the figure by which networks are compared.
  package var overall: [Figure]
  /// One per class, label or number.
  package var outputs: [OutputFigures]
  /// The noun for an output: `class`.
  package var outputNoun: String
  /// The value is nil unless each sample has one class.
  package var confusion: ConfusionMatrix?

  package init(
    overall: [Figure], outputs: [OutputFigures], outputNoun: String, confusion: ConfusionMatrix?
  ) {
    self.overall = overall
    self.outputs = outputs
    self.outputNoun = outputNoun
    self.confusion = confusion
  }

  /// Returns nil without samples.
  ///
  /// - Parameter names: The names of the outputs.
  package init?(_ report: EvaluationReport, names: [String], pool: WorkerPool) {
    switch report.targets {
    case .classes(let classes):
      guard
        let figures = ClassificationFigures(
          labels: classes.map(Int.init), predictions: report.predictions.map(Int.init),
          logits: report.outputs, classes: names.count, pool: pool)
      else { return nil }
      self.init(figures, names)
    case .labels(let labels, let count):
      guard
        let figures = MultiLabelFigures(
          labels: labels, logits: report.outputs, count: count, pool: pool)
      else { return nil }
      self.init(figures, names)
    case .numbers(let numbers, let count):
      guard
        let figures = RegressionFigures(
          targets: numbers, predictions: report.outputs, count: count, pool: pool)
      else { return nil }
      self.init(figures, names)
    }
  }

  private init(_ figures: ClassificationFigures, _ names: [String]) {
    overall = [
      Figure(
        "accuracy", "accuracy", .share, figures.accuracy, interval: figures.accuracyInterval),
      Figure("balanced_accuracy", "balanced accuracy", .share, figures.balancedAccuracy),
      Figure("macro_precision", "macro precision", .share, figures.macro.precision),
      Figure("macro_recall", "macro recall", .share, figures.macro.recall),
      Figure("macro_f1", "macro F1", .share, figures.macro.f1),
      Figure(
        "roc_auc", "ROC AUC", .number, figures.rocArea,
        remark: "mean of each class against the rest"),
      Figure("log_loss", "log loss", .number, figures.logLoss, remark: "nats"),
      Figure(
        "calibration_error", "calibration error", .share, figures.calibrationError,
        remark: "\(CalibrationError.bins) bins"),
    ]
    outputs = zip(names, figures.perClass).map { name, figures in
      OutputFigures(
        name: name, samples: figures.counts.samples,
        figures: Self.figures(figures.counts, rocArea: figures.rocArea))
    }
    outputNoun = "class"
    confusion = figures.confusion
  }

  private init(_ figures: MultiLabelFigures, _ names: [String]) {
    let (micro, macro) = (figures.micro, figures.macro)
    overall = [
      Figure(
        "exact_match", "exact match", .share, figures.exactMatch,
        interval: figures.exactMatchInterval, remark: "all labels of a sample right"),
      Figure("label_accuracy", "label accuracy", .share, figures.labelAccuracy),
      Figure("micro_precision", "micro precision", .share, micro.precision),
      Figure("micro_recall", "micro recall", .share, micro.recall),
      Figure("micro_f1", "micro F1", .share, micro.f1),
      Figure("macro_precision", "macro precision", .share, macro?.precision),
      Figure("macro_recall", "macro recall", .share, macro?.recall),
      Figure("macro_f1", "macro F1", .share, macro?.f1),
      Figure("roc_auc", "ROC AUC", .number, figures.rocArea, remark: "mean of the labels"),
      Figure("log_loss", "log loss", .number, figures.logLoss, remark: "nats per label"),
    ]
    outputs = zip(names, figures.perLabel).map { name, figures in
      OutputFigures(
        name: name, samples: figures.counts.samples,
        figures: Self.figures(figures.counts, rocArea: figures.rocArea))
    }
    outputNoun = "label"
  }

  private init(_ figures: RegressionFigures, _ names: [String]) {
    let relative = figures.relativeError.map {
      Figure(
        "relative_mse", "relative MSE", .number, $0, interval: figures.relativeErrorInterval,
        remark: "mean of squared error / variance")
    }
    overall =
      (relative.map { [$0] } ?? []) + [
        Figure(
          "mse", "MSE", .number, figures.squaredError, interval: figures.squaredErrorInterval,
          remark: "mean squared error"),
        Figure(
          "mae", "MAE", .number, figures.absoluteError, interval: figures.absoluteErrorInterval,
          remark: "mean absolute error"),
        Figure("r2", "R2", .number, figures.determination),
      ]
    outputs = zip(names, figures.perTarget).map { name, figures in
      OutputFigures(
        name: name, samples: nil,
        figures: [
          Figure(
            "mse", "MSE", .number, figures.squaredError, interval: figures.squaredErrorInterval),
          Figure(
            "mae", "MAE", .number, figures.absoluteError, interval: figures.absoluteErrorInterval),
          Figure("r2", "R2", .number, figures.determination),
        ])
    }
    outputNoun = "target"
  }

  private static func figures(_ counts: BinaryCounts, rocArea: Double?) -> [Figure] {
    [
      Figure("precision", "precision", .share, counts.precision),
      Figure("recall", "recall", .share, counts.recall),
      Figure("f1", "F1", .share, counts.f1),
      Figure("roc_auc", "ROC AUC", .number, rocArea),
    ]
  }
}
