import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORanks
import RSOSearch

/// A run on a rank other than 0. It searches as `TrainingRun` does on rank 0, computes its share of every
/// minibatch, and writes no file.
package struct FollowingRun: ~Copyable {
  private var recorded: RecordedSearch
  private let agreement: RankAgreement
  private let checkpoint: Checkpoint
  private let interruption: () -> Int32?

  /// - Parameters:
  ///   - checkpoint: The state that rank 0 begins with.
  ///   - groups: The processes that compute the run together.
  ///   - program: Computes the objective of this rank's group, or receives it from the group's first rank.
  ///   - interruption: Returns the signal that asks the run to stop; called between two neurons.
  ///
  /// *Throws:* as `TrainingRun.init`.
  package init(
    checkpoint: Checkpoint, dataset: Dataset, settings: RunSettings = RunSettings(),
    groups: RankGroups, program: (any ObjectiveProgram)? = nil, makeEvaluator: EvaluatorFactory,
    interruption: @escaping () -> Int32? = { nil }
  ) throws {
    try checkpoint.plan.validate()
    recorded = try RecordedSearch(
      checkpoint, dataset: dataset, settings: settings, groups: groups, program: program,
      makeEvaluator: makeEvaluator)
    agreement = RankAgreement(groups: groups)
    self.checkpoint = checkpoint
    self.interruption = interruption
  }

  /// Computes until the plan's end or a signal.
  ///
  /// *Throws:* `RunError.ranksDiffer`; `SearchError.lossNotFinite`.
  package mutating func run() throws -> TrainingRun.Outcome {
    if recorded.isFinished { return .finished }
    try agreement.begin(checkpoint)
    while !recorded.isFinished {
      let outcome = try recorded.step()
      let signal = try agreement.settle(
        signal: interruption(), parameters: recorded.search.state.parameters)
      if case .cycleFinished(let summary) = outcome { _ = try recorded.finish(summary) }
      if let signal, !recorded.isFinished { return .interrupted(signal: signal) }
    }
    return .finished
  }
}
