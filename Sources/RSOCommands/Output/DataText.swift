import RSODatasets
import RSONumerics
import RSOSearch

/// Facts of data sets, and figures on them, as people read them.
enum DataText {
  /// `mnist: 60,000 training and 10,000 test samples of 1 x 28 x 28, 10 classes`.
  static func summary(_ data: DataIdentity) -> String {
    if data.areCases == true { return "none; a program computes '\(data.name)' on \(sets(data))" }
    return "\(data.name): \(sets(data)) of \(data.shape), \(outputs(data))"
  }

  /// The sizes of the sets: `60,000 training and 10,000 test samples`.
  static func sets(_ data: DataIdentity) -> String {
    if data.areCases == true { return Numbers.count(data.trainingCount, "case") }
    let others = [("validation", data.validationCount ?? 0), ("test", data.testCount)]
      .filter { $0.1 > 0 }.map { "\(Numbers.grouped($0.1)) \($0.0)" }
    let all = ["\(Numbers.grouped(data.trainingCount)) training"] + others
    let head = all.dropLast().joined(separator: ", ")
    return (head.isEmpty ? "" : head + " and ") + "\(all[all.count - 1]) samples"
  }

  /// The number of outputs with their noun: `10 classes`.
  static func outputs(_ data: DataIdentity) -> String {
    switch data.learningTask {
    case .classification: "\(Numbers.grouped(data.outputs)) classes"
    case .multiLabel: Numbers.count(data.outputs, "label")
    case .regression: Numbers.count(data.outputs, "number") + " to predict"
    }
  }

  /// `accuracy 92.51 %, loss 0.2518`; the loss alone without an accuracy.
  static func score(_ score: SetScore) -> String {
    let loss = "loss \(Numbers.loss(score.loss))"
    return score.accuracy.map { "accuracy \(Numbers.percent($0)), \(loss)" } ?? loss
  }

  /// `cycle 5, chosen by its training loss, 0.2518`.
  static func best(_ record: CycleRecord, by criterion: Criterion) -> String {
    let value = criterion.value(of: record).map {
      criterion.isShare ? Numbers.percent($0) : Numbers.loss($0)
    }
    return "cycle \(record.cycle), chosen by its \(criterion.title), \(value ?? "unknown")"
      + (criterion == .testAccuracy ? " (so the test figure is too good)" : "")
  }
}
