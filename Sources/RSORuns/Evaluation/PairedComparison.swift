import RSONetworks
import RSONumerics

/// The difference between two networks that were evaluated on the same samples.
package struct PairedComparison: Sendable, Equatable {
  /// The second one's figure minus the first one's: of accuracy or exact match, or of the mean squared
  /// error.
  package var difference: Double
  /// From a paired bootstrap.
  package var interval: Interval
  /// The value is nil for numbers, which are not right or wrong.
  package var test: McNemarTest?

  package init(difference: Double, interval: Interval, test: McNemarTest?) {
    self.difference = difference
    self.interval = interval
    self.test = test
  }

  /// Returns nil for fewer than two samples.
  ///
  /// - Parameters:
  ///   - first: An evaluation.
  ///   - second: An evaluation on the same samples, in the same order.
  package init?(_ first: EvaluationReport, _ second: EvaluationReport, pool: WorkerPool) {
    precondition(first.samples == second.samples)
    let scores = (first.sampleScores, second.sampleScores)
    let differences = zip(scores.0, scores.1).map { $1 - $0 }
    guard let interval = Bootstrap.interval(ofMean: differences, pool: pool) else { return nil }
    self.interval = interval
    difference = differences.reduce(0, +) / Double(differences.count)
    if case .numbers = first.targets {
      test = nil
    } else {
      test = McNemarTest(first: scores.0.map { $0 == 1 }, second: scores.1.map { $0 == 1 })
    }
  }
}

extension EvaluationReport {
  /// The figure of each sample whose mean is the first one of `EvaluationFigures`: 1 if it was
  /// classified correctly, or all its labels are right, and 0 if not; or its mean squared
  /// error, for several targets relative to their variances.
  package var sampleScores: [Double] {
    switch targets {
    case .classes(let classes):
      return zip(classes, predictions).map { $0 == $1 ? 1 : 0 }
    case .labels(let labels, let count):
      return stride(from: 0, to: labels.count, by: count).map { start in
        (start..<(start + count)).allSatisfy { (labels[$0] != 0) == (outputs[$0] > 0) } ? 1 : 0
      }
    case .numbers(let numbers, let count):
      let relative = RegressionFigures.relativeErrors(
        targets: numbers, predictions: outputs, count: count)
      guard relative.isEmpty else { return relative }
      return stride(from: 0, to: numbers.count, by: count).map { start in
        (start..<(start + count)).reduce(0) { sum, index in
          let error = Double(outputs[index]) - Double(numbers[index])
          return sum + error * error
        } / Double(count)
      }
    }
  }
}
