import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORanks
import RSOSearch
import RSOSystem

/// A run from a checkpoint to the end of its plan. A fresh run begins with `Checkpoint.initial`, a
/// resumed one with the newest checkpoint of its directory. There is no other difference.
///
/// *Reproducibility:* bitwise for everything that `state_sha256` covers, whenever a run was interrupted
/// and wherever it is resumed.
package struct TrainingRun: ~Copyable {
  package enum Outcome: Sendable, Hashable {
    case finished
    /// Stopped by a signal; the last boundary is saved.
    case interrupted(signal: Int32)
  }

  /// Lets another thread save the last boundary while `run` is busy.
  package let saver: BoundarySaver

  private let directory: RunDirectory
  private let clock: RunClock
  private let interruption: () -> Int32?
  private let observe: (TrainingEvent) -> Void
  private var policy: SavePolicy
  private var metrics: MetricsLog
  private var recorded: RecordedSearch
  private let agreement: RankAgreement

  /// Saves the checkpoint, so that the run can be resumed from then on, and then makes the evaluator.
  ///
  /// - Parameters:
  ///   - earlier: The directory in which the run was before, if it goes on in another one.
  ///   - groups: The processes that compute the run together. This one is rank 0; the others have a
  ///     `FollowingRun`.
  ///   - program: Computes the objective of a plan whose loss is `program`.
  ///   - interruption: Returns the signal that asks the run to stop; called between two steps.
  ///   - observe: Called for every event.
  ///
  /// *Throws:* if the checkpoint's plan is not valid, the data is not the plan's, or no evaluator can be
  /// made.
  package init(
    checkpoint: Checkpoint, dataset: Dataset, directory: consuming RunDirectory,
    earlier: RunPaths? = nil, settings: RunSettings = RunSettings(), clock: RunClock = .system,
    calls: FileCalls = .system,
    groups: RankGroups = RankGroups(), program: (any ObjectiveProgram)? = nil,
    makeEvaluator: EvaluatorFactory,
    interruption: @escaping () -> Int32? = { nil },
    observe: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws {
    var checkpoint = checkpoint
    let plan = checkpoint.plan
    try settings.validate()
    try plan.validate()
    try dataset.requireContent(of: plan.data)

    let now = clock.elapsed()
    let paths = directory.paths
    // Data that were moved are recorded at their new path.
    checkpoint.provenance.dataPlace =
      RunData.place(of: dataset, run: paths.directory) ?? checkpoint.provenance.dataPlace
    checkpoint.provenance.dataRequest = dataset.request
    let saver = BoundarySaver(
      store: CheckpointStore(
        paths: paths, earlier: earlier, retention: settings.retention, calls: calls),
      checkpoint: checkpoint, clock: clock)
    var policy = SavePolicy(interval: settings.saveInterval, now: now)
    var metrics = MetricsLog(path: paths.metrics, calls: calls)
    if !checkpoint.isFinished {
      try Self.save(with: saver, &policy, clock, observe)
      do {
        try metrics.rewrite(checkpoint.history)
      } catch { observe(.metricsFailed(reason: "\(error)")) }
    }

    let recorded = try RecordedSearch(
      checkpoint, dataset: dataset, settings: settings, groups: groups, clock: clock,
      program: program, makeEvaluator: makeEvaluator)
    self.saver = saver
    self.directory = directory
    self.clock = clock
    self.interruption = interruption
    self.observe = observe
    self.policy = policy
    self.metrics = metrics
    self.recorded = recorded
    agreement = RankAgreement(groups: groups)
  }

  /// Trains until the plan's end or a signal.
  ///
  /// *Throws:* `SearchError.lossNotFinite`; the failure of a program that computes the objective;
  /// `RunError.endedUnsaved`; `CheckpointError.unsaveable`, for a state that a checkpoint cannot hold. The last
  /// boundary is saved.
  package mutating func run() throws -> Outcome {
    if recorded.isFinished { return .finished }
    try agreement.begin(saver.checkpoint)
    var warnsOfThreads = true
    let isAlone = agreement.ranks.count == 1
    while !recorded.isFinished {
      let (interruption, observe) = (interruption, observe)
      var steps = recorded.search.order.stepsInCycle(
        before: recorded.search.state.cursor)
      let outcome: Search.Outcome
      let commonSignal: Int32?
      do {
        outcome = try recorded.step(
          // Several ranks stop together, between two neurons.
          shouldStop: { isAlone && interruption() != nil },
          observe: { step in
            steps += 1
            observe(.stepFinished(step, steps: steps))
          })
        commonSignal = try agreement.settle(
          signal: interruption(), parameters: recorded.search.state.parameters)
      } catch {
        return try endEarly(error)
      }
      if warnsOfThreads, let shortage = recorded.search.threadShortage {
        observe(.fewerThreads(shortage))
        warnsOfThreads = false
      }
      switch outcome {
      case .abandoned:
        try conclude(announced: true)
        return .interrupted(signal: interruption() ?? 0)
      case .neuronFinished:
        saver.reach(recorded.checkpoint(nil))
        if policy.isDue(at: clock.elapsed()) { try save() }
      case .cycleFinished(let summary):
        let statistics: NormalizationStatistics
        do {
          statistics = try recorded.finish(summary)
        } catch { return try endEarly(error) }
        try finishCycle(statistics)
      }
      if let commonSignal, !recorded.isFinished {
        try conclude(announced: true)
        return .interrupted(signal: commonSignal)
      }
    }
    do { try metrics.complete(recorded.history) } catch {
      observe(.metricsFailed(reason: "\(error)"))
    }
    try conclude(announced: false)
    return .finished
  }

  /// Saves the last boundary, which is still good after an error in the search.
  ///
  /// *Throws:* `error`, unless it came of a signal.
  private func endEarly(_ error: any Error) throws -> Outcome {
    try conclude(announced: true)
    if case ObjectiveError.stopped = error, let signal = interruption() {
      return .interrupted(signal: signal)
    }
    throw error
  }

  private func conclude(announced: Bool) throws {
    let conclusion = try saver.conclude()
    if let missing = conclusion.missing {
      observe(.savedInPart(path: conclusion.path, missing: missing))
    } else if announced {
      observe(.saved(path: conclusion.path))
    }
  }

  /// Reports the finished cycle, and saves.
  private mutating func finishCycle(_ statistics: NormalizationStatistics) throws {
    let (plan, history) = (recorded.search.plan, recorded.history)
    let record = history[history.count - 1]
    saver.reach(recorded.checkpoint(statistics))
    observe(
      .cycleFinished(
        record, best: history.best(by: Criterion(plan.data, plan.options.loss)) ?? record))
    do { try metrics.append(history) } catch { observe(.metricsFailed(reason: "\(error)")) }
    try save()
  }

  private mutating func save() throws {
    try Self.save(with: saver, &policy, clock, observe)
  }

  /// Saves, or reports the failure and the next attempt. Only a failure that no attempt can repair is
  /// thrown.
  private static func save(
    with saver: BoundarySaver, _ policy: inout SavePolicy, _ clock: RunClock,
    _ observe: (TrainingEvent) -> Void
  ) throws {
    do {
      let path = try saver.save()
      policy.saved(at: clock.elapsed())
      observe(.saved(path: path))
    } catch let error as CheckpointError where error.isPermanent {
      throw error
    } catch {
      let wait = policy.failed(at: clock.elapsed())
      observe(.saveFailed(reason: "\(error)", retryAfter: wait))
    }
  }
}

extension CheckpointError {
  /// No disk can take the checkpoint. A user can repair any other failure while the run continues, which is
  /// better than losing the state in memory.
  fileprivate var isPermanent: Bool {
    if case .unsaveable = self { true } else { false }
  }
}
