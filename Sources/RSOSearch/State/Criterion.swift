import RSODatasets
import RSONetworks
import RSONumerics

/// The figure by which the best cycle of a run is chosen. Test data choose nothing.
package enum Criterion: Sendable, Hashable {
  /// The largest accuracy on the validation set; of equal ones the one with the smallest loss on it.
  case validationAccuracy
  /// The smallest loss on the validation set.
  case validationLoss
  /// The smallest training loss, for data without a validation set.
  case trainingLoss
  /// The largest accuracy on the test set, by which versions before 0.6 chose.
  case testAccuracy

  /// The criterion of a run on these data.
  ///
  /// - Parameter loss: The loss of the run. Who minimises macro F1, say, does not look for accuracy.
  package init(_ data: DataIdentity, _ loss: Loss) {
    guard data.validationCount != nil else {
      self = .trainingLoss
      return
    }
    self =
      data.learningTask == .classification && !loss.isApartFromAccuracy
      ? .validationAccuracy : .validationLoss
  }

  /// Returns true if one cycle is better than another. A value that is NaN or missing is never better.
  package func prefers(_ record: CycleRecord, to other: CycleRecord) -> Bool {
    func isAbove(_ a: Double?, _ b: Double?) -> Bool {
      guard let a, !a.isNaN else { return false }
      return b.map { $0.isNaN || a > $0 } ?? true
    }
    return switch self {
    case .validationAccuracy:
      isAbove(record.validation?.accuracy, other.validation?.accuracy)
        || (record.validation?.accuracy == other.validation?.accuracy
          && Criterion.validationLoss.prefers(record, to: other))
    case .validationLoss:
      isAbove(record.validation.map { -$0.loss }, other.validation.map { -$0.loss })
    case .trainingLoss: isAbove(-record.trainingLoss, -other.trainingLoss)
    case .testAccuracy: isAbove(record.test?.accuracy, other.test?.accuracy)
    }
  }

  /// The criterion in texts: `validation accuracy`.
  package var title: String {
    switch self {
    case .validationAccuracy: "validation accuracy"
    case .validationLoss: "validation loss"
    case .trainingLoss: "training loss"
    case .testAccuracy: "test accuracy"
    }
  }

  /// The criterion's value in a cycle; nil if it was not measured.
  package func value(of record: CycleRecord) -> Double? {
    switch self {
    case .validationAccuracy: record.validation?.accuracy
    case .validationLoss: record.validation?.loss
    case .trainingLoss: record.trainingLoss
    case .testAccuracy: record.test?.accuracy
    }
  }

  /// True if the value is a share, false if it is a loss.
  package var isShare: Bool { self == .validationAccuracy || self == .testAccuracy }
}

extension Collection<CycleRecord> {
  /// The best cycle; the first one of several equal ones.
  package func best(by criterion: Criterion) -> CycleRecord? {
    reduce(nil) { best, record in
      best.map { criterion.prefers(record, to: $0) } ?? true ? record : best
    }
  }
}
