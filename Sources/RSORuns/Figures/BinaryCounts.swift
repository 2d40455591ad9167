/// The numbers of samples that have a label, were predicted to have it, and both.
package struct BinaryCounts: Sendable, Hashable {
  /// Samples that have the label.
  package var samples: Int
  /// Samples that were predicted to have it.
  package var predicted: Int
  /// Samples that have it and were predicted to.
  package var correct: Int

  package init(samples: Int = 0, predicted: Int = 0, correct: Int = 0) {
    self.samples = samples
    self.predicted = predicted
    self.correct = correct
  }

  /// The share of the predicted samples that have the label; nil if none was predicted.
  package var precision: Double? { Self.share(correct, of: predicted) }

  /// The share of the samples with the label that were predicted; nil if there are none.
  package var recall: Double? { Self.share(correct, of: samples) }

  /// The harmonic mean of precision and recall; nil if the label occurs neither in the data nor in the
  /// predictions.
  package var f1: Double? { Self.share(2 * correct, of: samples + predicted) }

  /// True if the label occurs in the data or in the predictions.
  package var occurs: Bool { samples + predicted > 0 }

  private static func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }
}

/// Precision, recall and F1 as means over labels.
package struct MacroFigures: Sendable, Hashable {
  package var precision: Double
  package var recall: Double
  package var f1: Double

  /// The means over the labels that occur in the data or in the predictions. A figure that is not
  /// defined counts as 0, as in scikit-learn. Nil if no label occurs.
  package init?(_ labels: [BinaryCounts]) {
    let labels = labels.filter(\.occurs)
    guard !labels.isEmpty else { return nil }
    func mean(_ figure: (BinaryCounts) -> Double?) -> Double {
      labels.reduce(0) { $0 + (figure($1) ?? 0) } / Double(labels.count)
    }
    precision = mean(\.precision)
    recall = mean(\.recall)
    f1 = mean(\.f1)
  }
}
