import RSONetworks

/// The figures of a network that classifies samples with one label each.
package struct ClassificationFigures: Sendable, Equatable {
  package struct ClassFigures: Sendable, Equatable {
    package var counts: BinaryCounts
    /// The area under the curve of this class against all others, scored by its probability; nil if it
    /// is not defined.
    package var rocArea: Double?
  }

  /// The share of correctly classified samples, 0 to 1.
  package var accuracy: Double
  package var accuracyInterval: Interval
  /// The mean of the recalls of the classes that have samples.
  package var balancedAccuracy: Double
  package var macro: MacroFigures
  /// The mean over the classes for which it is defined; nil if there are none.
  package var rocArea: Double?
  /// The mean of -ln(probability of the true class), in nats.
  package var logLoss: Double
  /// The value is nil if a logit is not finite.
  package var calibrationError: Double?
  package var perClass: [ClassFigures]
  package var confusion: ConfusionMatrix

  /// Returns nil without samples.
  ///
  /// *Reproducibility:* the same bits for any number of threads; exp and log are those of the C library.
  ///
  /// - Parameters:
  ///   - labels: The class of each sample, 0 ..< classes.
  ///   - predictions: The predicted class of each sample.
  ///   - logits: *Shape:* samples x classes.
  package init?(
    labels: [Int], predictions: [Int], logits: [Float], classes: Int, pool: WorkerPool
  ) {
    guard let interval = Interval.wilson(0, of: labels.count) else { return nil }
    precondition(labels.count == predictions.count)
    let probabilities = ClassProbabilities(logits: logits, classes: classes)
    precondition(probabilities.samples == labels.count)
    confusion = ConfusionMatrix(labels: labels, predictions: predictions, classes: classes)
    let counts = confusion.perClass
    let correct = confusion.correct
    guard let macro = MacroFigures(counts) else { return nil }
    self.macro = macro
    accuracy = Double(correct) / Double(labels.count)
    accuracyInterval = Interval.wilson(correct, of: labels.count) ?? interval
    let recalls = counts.compactMap(\.recall)
    balancedAccuracy = recalls.reduce(0, +) / Double(recalls.count)
    logLoss =
      labels.indices.reduce(0) {
        $0 - probabilities.logarithm(sample: $1, class: labels[$1])
      } / Double(labels.count)
    calibrationError = CalibrationError.expected(
      confidences: predictions.indices.map {
        probabilities.probability(sample: $0, class: predictions[$0])
      }
    ) { predictions[$0] == labels[$0] }
    let areas = Self.areas(probabilities, labels, pool)
    let defined = areas.compactMap { $0 }
    rocArea = defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
    perClass = zip(counts, areas).map { ClassFigures(counts: $0, rocArea: $1) }
  }

  /// The area of each class.
  private static func areas(
    _ probabilities: ClassProbabilities, _ labels: [Int], _ pool: WorkerPool
  ) -> [Double?] {
    pool.map(probabilities.classes) { index in
      ROCArea.area(
        scores: labels.indices.map { probabilities.logOdds(sample: $0, class: index) }
      ) { labels[$0] == index }
    }
  }
}
