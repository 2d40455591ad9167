import RSOCheckpoints
import RSOSearch

/// The result of `rso train` and `rso resume`.
package struct TrainingSummary: Sendable, Equatable, Encodable {
  var run: String
  /// Finished cycles.
  var cycles: Int
  /// Those of the last cycle; nil for a set that was not measured.
  var validationAccuracy: Double?
  var validationLoss: Double?
  var testAccuracy: Double?
  var testLoss: Double?
  var bestCycle: Int?
  /// What the best cycle is chosen by.
  var bestBy: String?
  /// Training time of all cycles.
  var seconds: Double
  var seed: UInt64
  /// Equal for two runs that are the same, bit for bit.
  var stateSHA256: String

  /// For people.
  private let validation: SetScore?
  private let test: SetScore?
  private let bestText: String?

  private enum CodingKeys: String, CodingKey {
    case run, cycles, validationAccuracy, validationLoss, testAccuracy, testLoss, bestCycle, bestBy,
      seconds, seed, stateSHA256
  }

  init(run: String, checkpoint: Checkpoint) throws {
    let history = checkpoint.history
    let best = checkpoint.best
    self.run = run
    cycles = checkpoint.state.cursor.cycle
    (validation, test) = (history.last?.validation, history.last?.test)
    validationAccuracy = validation?.accuracy
    validationLoss = validation?.loss
    testAccuracy = test?.accuracy
    testLoss = test?.loss
    bestCycle = best?.cycle
    bestBy = best.map { _ in checkpoint.criterion.title }
    bestText = best.map { DataText.best($0, by: checkpoint.criterion) }
    seconds = history.reduce(0) { $0 + $1.seconds }
    seed = checkpoint.plan.seed
    stateSHA256 = try StateDigest.sha256(plan: checkpoint.plan, state: checkpoint.state)
  }

  var text: String {
    var table = Table(columns: [.left("run"), .left(run)])
    table.add([
      "trained", "\(Numbers.count(cycles, "cycle")), seed \(seed), in \(Numbers.duration(seconds))",
    ])
    if let validation { table.add(["validation", DataText.score(validation)]) }
    if let test { table.add(["test", DataText.score(test)]) }
    if let bestText { table.add(["best", bestText]) }
    table.add(["state", stateSHA256])
    return table.description + "\n"
  }
}
