import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORanks
import RSOSearch

/// A run on a rank other than 0. It searches as `TrainingRun` does on rank 0, computes its share of every
/// minibatch, and writes no file.
package struct FollowingRun: ~Copyable {
  private var search: Search
  private let agreement: RankAgreement
  private let checkpoint: Checkpoint
  private let interruption: () -> Int32?
  private let sets: EvaluatedSets
  private var history: [CycleRecord]

  /// - Parameters:
  ///   - checkpoint: The state that rank 0 begins with.
  ///   - program: Receives the objective from rank 0, if a program computes it there.
  ///   - interruption: Returns the signal that asks the run to stop; called between two neurons.
  ///
  /// *Throws:* as `TrainingRun.init`.
  package init(
    checkpoint: Checkpoint, dataset: Dataset, settings: RunSettings = RunSettings(),
    ranks: any Ranks, program: (any ObjectiveProgram)? = nil, makeEvaluator: EvaluatorFactory,
    interruption: @escaping () -> Int32? = { nil }
  ) throws {
    let plan = checkpoint.plan
    try plan.validate()
    try dataset.requireContent(of: plan.data)
    let training = Samples(dataset.training, normalization: plan.normalization)
    search = try Search(plan: plan, state: checkpoint.state, program: program) { parameters in
      try makeEvaluator(plan.architecture, training, parameters, plan.numericPath)
    }
    agreement = RankAgreement(ranks: ranks)
    self.checkpoint = checkpoint
    self.interruption = interruption
    sets = EvaluatedSets(
      dataset, normalization: plan.normalization, testsEachCycle: settings.testsEachCycle)
    history = checkpoint.history
  }

  /// Computes until the plan's end or a signal.
  ///
  /// *Throws:* `RunError.ranksDiffer`; `SearchError.lossNotFinite`.
  package mutating func run() throws -> TrainingRun.Outcome {
    try agreement.begin(checkpoint)
    while !isFinished {
      let outcome = try search.step()
      let signal = try agreement.settle(
        signal: interruption(), parameters: search.state.parameters)
      if case .cycleFinished(let summary) = outcome {
        let statistics = search.evaluator.trainingSetStatistics()
        let scores = try sets.scores(search, statistics: statistics)
        history.append(
          CycleRecord(
            cycle: summary.cycle, trainingLoss: summary.trainingLoss,
            validation: scores.validation, test: scores.test, evaluations: summary.evaluations,
            seconds: 0, deviations: summary.deviations, tallies: summary.tallies))
      }
      if let signal, !isFinished { return .interrupted(signal: signal) }
    }
    return .finished
  }

  private var isFinished: Bool {
    search.isFinished || search.plan.isOutOfPatience(after: history)
  }
}
