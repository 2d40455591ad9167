import RSOCheckpoints
import RSONetworks
import RSOSearch

extension Checkpoint {
  /// The beginning of a new run.
  ///
  /// - Parameter date: Seconds since 1970.
  package static func initial(
    plan: SearchPlan, environment: RunEnvironment, date: Double
  ) throws -> Checkpoint {
    let state = try SearchState.initial(plan: plan)
    var random = SystemRandomNumberGenerator()
    let runID = (0..<2).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    return Checkpoint(
      plan: plan, state: state, statistics: nil, history: [],
      provenance: Provenance(
        runID: runID, version: environment.version, numericPath: plan.numericPath,
        instructionSet: environment.instructionSet, host: environment.host, created: date,
        saved: date))
  }

  /// Whether it stands between two cycles, or at the beginning of the run.
  package var isCycleEnd: Bool {
    guard let place = try? place() else { return false }
    return place[1] == 0
  }

  /// Whether no earlier cycle has as high a test accuracy as the last.
  var isBest: Bool {
    guard let last = history.last else { return false }
    return history.dropLast().allSatisfy { $0.testAccuracy < last.testAccuracy }
  }

  /// Finished cycles, and steps done in the cycle under way.
  func place() throws -> [Int] {
    let order = SearchOrder(try StageGraph(plan.architecture).layout)
    try state.validate(order: order)
    return [state.cursor.cycle, order.stepsInCycle(before: state.cursor)]
  }
}

extension SealedCheckpoint {
  /// The checkpoint with which its run goes on here.
  package func resumed(in environment: RunEnvironment) -> Checkpoint {
    var checkpoint = checkpoint
    checkpoint.provenance.version = environment.version
    checkpoint.provenance.instructionSet = environment.instructionSet
    checkpoint.provenance.host = environment.host
    checkpoint.provenance.resumes += 1
    checkpoint.provenance.resumedFrom = userBlock.sha256
    return checkpoint
  }
}
