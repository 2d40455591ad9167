import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORanks
import RSOSearch

/// A search with the history and the provenance of its run: at each boundary, everything that a checkpoint
/// holds.
package struct RecordedSearch: ~Copyable {
  package private(set) var search: Search
  package private(set) var history: [CycleRecord]
  private var provenance: Provenance
  private let sets: EvaluatedSets
  private let clock: RunClock
  /// The time on the clock at which the cycle under way would have begun without interruptions.
  private var cycleBegan: Double

  /// - Parameters:
  ///   - sets: The sets that every cycle is measured on.
  ///   - groups: The processes that compute the run together.
  ///   - program: Computes the objective of a plan whose loss is `program`.
  ///   - makeEvaluator: Called once for each worker, with the parameters to begin with.
  init(
    _ checkpoint: Checkpoint, sets: EvaluatedSets, workers: Int, groups: RankGroups,
    clock: RunClock,
    program: (any ObjectiveProgram)?,
    makeEvaluator: (_ parameters: [Float]) throws -> any Evaluator
  ) throws {
    search = try Search(
      plan: checkpoint.plan, state: checkpoint.state, workers: workers, groups: groups,
      program: program, makeEvaluator: makeEvaluator)
    history = checkpoint.history
    provenance = checkpoint.provenance
    self.sets = sets
    self.clock = clock
    cycleBegan = clock.elapsed() - checkpoint.provenance.secondsInCycle
  }

  /// The search of a network on data.
  ///
  /// *Throws:* if the data are not the plan's, or no evaluator can be made.
  package init(
    _ checkpoint: Checkpoint, dataset: Dataset, settings: RunSettings = RunSettings(),
    groups: RankGroups = RankGroups(), clock: RunClock = .system,
    program: (any ObjectiveProgram)? = nil, makeEvaluator: EvaluatorFactory
  ) throws {
    let plan = checkpoint.plan
    try dataset.requireContent(of: plan.data)
    let training = Samples(dataset.training, normalization: plan.normalization)
    try self.init(
      checkpoint,
      sets: EvaluatedSets(
        dataset, normalization: plan.normalization, testsEachCycle: settings.testsEachCycle),
      workers: settings.workers, groups: groups, clock: clock, program: program
    ) { parameters in
      try makeEvaluator(plan.architecture, training, parameters, plan.numericPath)
    }
  }

  /// The search of parameters that a program of the user evaluates.
  package init(
    _ checkpoint: Checkpoint, clock: RunClock = .system, program: any ObjectiveProgram,
    makeEvaluator: (_ parameters: [Float]) throws -> any Evaluator
  ) throws {
    try self.init(
      checkpoint, sets: EvaluatedSets(), workers: 1, groups: RankGroups(), clock: clock,
      program: program,
      makeEvaluator: makeEvaluator)
  }

  /// True if the plan is carried out, or its patience has run out.
  package var isFinished: Bool {
    search.isFinished || search.plan.isOutOfPatience(after: history)
  }

  /// Searches the next neuron, as `Search.step` does. A finished cycle is to be given to `finish`.
  package mutating func step(
    shouldStop: () -> Bool = { false }, observe: (SearchStep) -> Void = { _ in }
  ) throws -> Search.Outcome {
    try search.step(shouldStop: shouldStop, observe: observe)
  }

  /// Goes on as `Search.ask` does. A finished cycle is to be given to `finish`.
  package mutating func ask() throws -> Search.Progress { try search.ask() }

  /// Takes the losses of the last question.
  package mutating func tell(_ losses: [Double]) { search.tell(losses) }

  /// Measures the network of a finished cycle, and adds the cycle to the history.
  ///
  /// - Returns: The statistics of batch norm after the cycle.
  ///
  /// *Throws:* the failure of the evaluator, or of a program that computes the objective. The last boundary is then the one before.
  package mutating func finish(_ summary: CycleSummary) throws -> NormalizationStatistics {
    let statistics = search.evaluator.trainingSetStatistics()
    let scores = try sets.scores(search, statistics: statistics)
    if let failure = search.evaluator.failure { throw failure }
    let now = clock.elapsed()
    history.append(
      CycleRecord(
        cycle: summary.cycle, trainingLoss: summary.trainingLoss, validation: scores.validation,
        test: scores.test, evaluations: summary.evaluations, seconds: now - cycleBegan,
        deviations: summary.deviations, tallies: summary.tallies))
    cycleBegan = now
    return statistics
  }

  /// The checkpoint of the boundary that the search has reached.
  ///
  /// - Parameter statistics: Those of batch norm at the end of a cycle; nil inside a cycle.
  package mutating func checkpoint(_ statistics: NormalizationStatistics?) -> Checkpoint {
    provenance.secondsInCycle = clock.elapsed() - cycleBegan
    return Checkpoint(
      plan: search.plan, state: search.state, statistics: statistics, history: history,
      provenance: provenance)
  }
}
