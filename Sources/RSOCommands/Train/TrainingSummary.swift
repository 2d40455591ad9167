import RSOCheckpoints
import RSORuns
import RSOSearch

/// The result of `rso train` and `rso resume`.
package struct TrainingSummary: Sendable, Equatable, Encodable {
  var run: String
  /// Finished cycles.
  var cycles: Int
  /// Those of the last cycle; nil for a set that was not measured.
  var validationAccuracy: Double?
  var validationLoss: Double?
  /// With a validation set, these are those of the best cycle, which are measured at the end.
  var testAccuracy: Double?
  var testLoss: Double?
  /// The 95 % interval of that accuracy.
  var testAccuracyInterval: [Double]?
  /// The number of cycles after which the test set was measured.
  var testedCycles: Int
  /// The number of times that the run has measured the test set, after cycles and at its ends.
  var testMeasurements: Int
  var bestCycle: Int?
  /// The criterion that chooses the best cycle.
  var bestBy: String?
  /// Training time of all cycles.
  var seconds: Double
  var seed: UInt64
  /// Equal for two runs that are the same, bit for bit.
  var stateSHA256: String

  /// For people.
  private let validation: SetScore?
  private var testText: String?
  private let bestText: String?
  private let earlierEnds: Int

  private enum CodingKeys: String, CodingKey {
    case run, cycles, validationAccuracy, validationLoss, testAccuracy, testLoss,
      testAccuracyInterval, testedCycles, testMeasurements, bestCycle, bestBy, seconds, seed,
      stateSHA256
  }

  init(run: String, checkpoint: Checkpoint) throws {
    let history = checkpoint.history
    let best = checkpoint.best
    self.run = run
    cycles = checkpoint.state.cursor.cycle
    validation = history.last?.validation
    let test = history.last?.test
    validationAccuracy = validation?.accuracy
    validationLoss = validation?.loss
    testAccuracy = test?.accuracy
    testLoss = test?.loss
    testedCycles = history.count { $0.test != nil }
    earlierEnds = checkpoint.provenance.testedEnds
    testMeasurements =
      testedCycles + earlierEnds + (checkpoint.isFinished && checkpoint.testsAtEnd ? 1 : 0)
    bestCycle = best?.cycle
    bestBy = best.map { _ in checkpoint.criterion.title }
    testText = test.map {
      Self.figures(
        $0.accuracy, $0.loss, Self.interval($0.accuracy, of: checkpoint.plan.data.testCount))
    }
    bestText = best.map { DataText.best($0, by: checkpoint.criterion) }
    if test != nil {
      let interval = Self.interval(test?.accuracy, of: checkpoint.plan.data.testCount)
      testAccuracyInterval = interval.map { [$0.lower, $0.upper] }
      testText? +=
        ", measured after \(Numbers.count(testedCycles, "cycle")); it has chosen none of them"
    }
    seconds = history.reduce(0) { $0 + $1.seconds }
    seed = checkpoint.plan.seed
    stateSHA256 = try StateDigest.sha256(plan: checkpoint.plan, state: checkpoint.state)
  }

  /// Adds the figures of the best cycle on the test set.
  mutating func add(_ judged: EvaluationReport) {
    testAccuracy = judged.accuracy
    testLoss = judged.loss
    let interval = Self.interval(judged.accuracy, of: judged.samples)
    testAccuracyInterval = interval.map { [$0.lower, $0.upper] }
    let cycles =
      testedCycles == 0 ? "" : "after \(Numbers.count(testedCycles, "cycle")) and "
    let ends =
      earlierEnds > 0
      ? "at \(earlierEnds + 1) ends of this run; if you choose among them, the figure is too good"
      : testedCycles == 0 ? "once" : "at the end"
    testText =
      "cycle \(judged.cycle): " + Self.figures(judged.accuracy, judged.loss, interval)
      + ", measured \(cycles)\(ends)"
  }

  /// The 95 % interval of an accuracy; nil if there is none.
  private static func interval(_ accuracy: Double?, of samples: Int) -> Interval? {
    guard let accuracy, accuracy.isFinite else { return nil }
    return Interval.wilson(Int((accuracy * Double(samples)).rounded()), of: samples)
  }

  /// `accuracy 92.51 % (95 % interval 91.98 % to 93.01 %), loss 0.2518`.
  private static func figures(
    _ accuracy: Double?, _ loss: Double?, _ interval: Interval?
  ) -> String {
    let bounds = interval.map {
      " (95 % interval \(Numbers.percent($0.lower)) to \(Numbers.percent($0.upper)))"
    }
    return (accuracy.map { "accuracy \(Numbers.percent($0))\(bounds ?? ""), " } ?? "")
      + "loss \(Numbers.loss(loss))"
  }

  var text: String {
    var table = Table(columns: [.left("run"), .left(run)])
    table.add([
      "trained", "\(Numbers.count(cycles, "cycle")), seed \(seed), in \(Numbers.duration(seconds))",
    ])
    if let validation { table.add(["validation", DataText.score(validation)]) }
    if let bestText { table.add(["best", bestText]) }
    if let testText { table.add(["test", testText]) }
    table.add(["state", stateSHA256])
    return table.description + "\n"
  }
}
