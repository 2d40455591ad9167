import RSOCheckpoints
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
}

extension StoredCheckpoint {
  /// The checkpoint with which its run goes on here.
  package func resumed(in environment: RunEnvironment) -> Checkpoint {
    var checkpoint = checkpoint
    checkpoint.provenance.version = environment.version
    checkpoint.provenance.instructionSet = environment.instructionSet
    checkpoint.provenance.host = environment.host
    checkpoint.provenance.resumes += 1
    checkpoint.provenance.resumedFrom = sha256
    return checkpoint
  }
}
