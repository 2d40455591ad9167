import RSOCheckpoints
import RSOSearch

/// The result of `rso train` and `rso resume`.
package struct TrainingSummary: Sendable, Equatable, Encodable {
  var run: String
  /// Finished cycles.
  var cycles: Int
  var testAccuracy: Double?
  var testLoss: Double?
  var bestTestAccuracy: Double?
  var bestCycle: Int?
  /// Training time of all cycles.
  var seconds: Double
  var seed: UInt64
  /// Equal for two runs that are the same, bit for bit.
  var stateSHA256: String

  init(run: String, checkpoint: Checkpoint) throws {
    let history = checkpoint.history
    let best = history.best
    self.run = run
    cycles = checkpoint.state.cursor.cycle
    testAccuracy = history.last?.testAccuracy
    testLoss = history.last?.testLoss
    bestTestAccuracy = best?.testAccuracy
    bestCycle = best?.cycle
    seconds = history.reduce(0) { $0 + $1.seconds }
    seed = checkpoint.plan.seed
    stateSHA256 = try StateDigest.sha256(plan: checkpoint.plan, state: checkpoint.state)
  }

  var text: String {
    var table = Table(columns: [.left("run"), .left(run)])
    table.add([
      "trained", "\(Numbers.count(cycles, "cycle")), seed \(seed), in \(Numbers.duration(seconds))",
    ])
    if let testAccuracy, let testLoss {
      table.add([
        "test", "accuracy \(Numbers.percent(testAccuracy)), loss \(Numbers.fixed(testLoss, 4))",
      ])
    }
    if let bestTestAccuracy, let bestCycle {
      table.add(["best", "accuracy \(Numbers.percent(bestTestAccuracy)), after cycle \(bestCycle)"])
    }
    table.add(["state", stateSHA256])
    return table.description + "\n"
  }
}
