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
  /// With a validation set, these are those of the best cycle, which are measured once, at the end.
  var testAccuracy: Double?
  var testLoss: Double?
  /// The 95 % interval of that accuracy.
  var testAccuracyInterval: [Double]?
  /// The number of cycles after which the test set was measured.
  var testedCycles: Int
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

  private enum CodingKeys: String, CodingKey {
    case run, cycles, validationAccuracy, validationLoss, testAccuracy, testLoss,
      testAccuracyInterval, testedCycles, bestCycle, bestBy, seconds, seed, stateSHA256
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
    bestCycle = best?.cycle
    bestBy = best.map { _ in checkpoint.criterion.title }
    testText = test.map(DataText.score)
    bestText = best.map { DataText.best($0, by: checkpoint.criterion) }
    seconds = history.reduce(0) { $0 + $1.seconds }
    seed = checkpoint.plan.seed
    stateSHA256 = try StateDigest.sha256(plan: checkpoint.plan, state: checkpoint.state)
  }

  /// Adds the figures of the best cycle on the test set.
  mutating func add(_ judged: EvaluationReport) {
    testAccuracy = judged.accuracy
    testLoss = judged.loss
    var figures = ["loss \(Numbers.loss(judged.loss))"]
    if let accuracy = judged.accuracy {
      let right = Int((accuracy * Double(judged.samples)).rounded())
      let interval = Interval.wilson(right, of: judged.samples)
      testAccuracyInterval = interval.map { [$0.lower, $0.upper] }
      let bounds = interval.map {
        " (95 % interval \(Numbers.percent($0.lower)) to \(Numbers.percent($0.upper)))"
      }
      figures.insert("accuracy \(Numbers.percent(accuracy))\(bounds ?? "")", at: 0)
    }
    let occasions =
      testedCycles == 0 ? "once" : "after \(Numbers.count(testedCycles, "cycle")) and at the end"
    testText =
      "cycle \(judged.cycle): " + figures.joined(separator: ", ") + ", measured \(occasions)"
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
