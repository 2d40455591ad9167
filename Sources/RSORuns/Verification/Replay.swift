import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSOSearch

/// Trains again from one checkpoint towards the next, and compares the result with the next one.
/// This proves that training gives the content of the files.
package struct Replay {
  package enum Outcome: Sendable, Hashable {
    /// `isWhole`: the next checkpoint was reached, and its whole state is the same. Otherwise the
    /// parameters of the searched neurons are the same.
    case same(neurons: Int, isWhole: Bool)
    case differs(neurons: Int, what: String)
    case cannotTell(String)
  }

  private let start: Checkpoint
  private let end: Checkpoint
  private let order: SearchOrder

  /// Searches `neurons` neurons from `start` on, or as many as lie before `end`.
  ///
  /// - Parameters:
  ///   - end: The next checkpoint of the run.
  ///   - program: Computes the objective of a run whose loss is `program`.
  ///
  /// *Throws:* the errors of making an evaluator.
  package static func compare(
    from start: Checkpoint, to end: Checkpoint, neurons: Int, dataset: Dataset,
    environment: RunEnvironment, program: (any ObjectiveProgram)? = nil,
    makeEvaluator: EvaluatorFactory
  ) throws -> Outcome {
    let replay = Replay(
      start: start, end: end,
      order: try SearchOrder(end.plan))
    if let obstacle = replay.obstacle(environment) ?? replay.obstacle(neurons: neurons) {
      return .cannotTell(obstacle)
    }
    func run(_ plan: SearchPlan, _ program: (any ObjectiveProgram)?) throws -> Outcome {
      try replay.run(
        plan, neurons: neurons, dataset: dataset, program: program, makeEvaluator: makeEvaluator)
    }
    let outcome = try run(end.plan, program)
    guard case .differs(let neurons, let what) = outcome else { return outcome }
    guard start.plan == end.plan else {
      // The number of cycles was changed when the run was resumed: at one of the two checkpoints, or
      // between them.
      let other = try run(start.plan, program)
      if case .same = other { return other }
      return .cannotTell("the plan was changed between the two, at an unknown position")
    }
    guard let program else { return outcome }
    let repeated = RepeatedObjective(program)
    _ = try run(end.plan, repeated)
    return .differs(
      neurons: neurons,
      what: what
        + (repeated.hasVaried
          ? "; the objective does not answer the same: asked twice, it gave two numbers"
          : "; either the objective does not answer the same as it did then, or training differs"))
  }

  /// The reason why the two cannot be compared; nil if they can.
  private func obstacle(_ environment: RunEnvironment) -> String? {
    let (a, b) = (start.provenance, end.provenance)
    guard a.runID == b.runID, start.plan.isOfSameRun(as: end.plan, acceptsOtherPath: true) else {
      return "they are of different runs"
    }
    guard environment.computesBits(of: a.version), environment.computesBits(of: b.version) else {
      return "trained by rso \(a.version == b.version ? "" : "\(a.version) and ")\(b.version); "
        + "this is \(environment.version)"
    }
    guard a.differentBits == b.differentBits, start.plan.numericPath == end.plan.numericPath else {
      return "the numeric path was changed on the way"
    }
    guard environment.numericPaths.contains(end.plan.numericPath) else {
      return "numeric path \(end.plan.numericPath) is not available here"
    }
    guard a.resealed == b.resealed else { return "one was edited and resealed" }
    return nil
  }

  /// The reason why so few neurons cannot be compared; nil if they can.
  ///
  /// If the neurons do not lead to the second checkpoint, their parameters are compared with those in
  /// it. They do not change later in the cycle, because a cycle visits each neuron once, unless a step
  /// changes more than one weight.
  private func obstacle(neurons: Int) -> String? {
    let (from, to) = (start.state.cursor, end.state.cursor)
    guard !order.precedes(to, from) else { return "the second does not come after the first" }
    var (cursor, distance) = (from, 0)
    while cursor != to, distance < neurons {
      (cursor, distance) = (order.next(after: cursor), distance + 1)
    }
    guard cursor != to else { return nil }
    let granularity = end.plan.options.granularity
    guard granularity == .weight else {
      return "every step changes the whole \(granularity.rawValue), so only the whole next "
        + "checkpoint can be compared; replay more neurons"
    }
    let nextVisit = SearchCursor(cycle: from.cycle + 1, layer: from.layer, neuron: from.neuron)
    guard !order.precedes(nextVisit, to) else {
      return "the next checkpoint is more than a cycle on; replay more neurons"
    }
    return nil
  }

  private func run(
    _ plan: SearchPlan, neurons: Int, dataset: Dataset, program: (any ObjectiveProgram)?,
    makeEvaluator: EvaluatorFactory
  ) throws -> Outcome {
    let training = Samples(dataset.training, normalization: plan.normalization)
    var search = try Search(plan: plan, state: start.state, program: program) { parameters in
      try makeEvaluator(plan.architecture, training, parameters, plan.numericPath)
    }
    var searched: [SearchCursor] = []
    while searched.count < neurons, search.state.cursor != end.state.cursor {
      guard !search.isFinished else {
        return .cannotTell("the second does not come after the first in its plan")
      }
      searched.append(search.state.cursor)
      do {
        if case .cycleFinished(let summary) = try search.step(),
          let difference = difference(from: summary)
        {
          return .differs(neurons: searched.count, what: difference)
        }
      } catch let error as SearchError {
        return .differs(neurons: searched.count, what: "\(error)")
      }
    }
    guard search.state.cursor == end.state.cursor else {
      return compare(searched, with: search.state)
    }
    if let difference = try difference(from: search.state)
      ?? difference(fromFiguresOf: search.evaluator, dataset: dataset)
    {
      return .differs(neurons: searched.count, what: difference)
    }
    return .same(neurons: searched.count, isWhole: true)
  }

  /// Compares the parameters of some neurons with those in a later checkpoint of the same cycle.
  private func compare(_ neurons: [SearchCursor], with state: SearchState) -> Outcome {
    for cursor in neurons {
      for address in order.unit(at: cursor).addresses {
        let offset = order.layout.offset(of: address)
        if state.parameters[offset].bitPattern != end.state.parameters[offset].bitPattern {
          let layer = order.layout.layers[cursor.layer].name
          return .differs(
            neurons: neurons.count,
            what:
              "\(address.kind.rawValue) \(address.index) of output \(address.output) of \(layer)")
        }
      }
    }
    return .same(neurons: neurons.count, isWhole: false)
  }

  private func difference(from summary: CycleSummary) -> String? {
    let record = end.history[summary.cycle - 1]
    let isSame =
      record.trainingLoss.bitPattern == summary.trainingLoss.bitPattern
      && record.evaluations == summary.evaluations && record.tallies == summary.tallies
      && record.deviations.map(\.bitPattern) == summary.deviations.map(\.bitPattern)
    return isSame ? nil : "the history's row of cycle \(summary.cycle)"
  }

  private func difference(from state: SearchState) -> String? {
    let scope = StateScope(end.plan, order: order, cursor: end.state.cursor)
    let (mine, theirs) = (state.objects(scope), end.state.objects(scope))
    let different = zip(mine, theirs).first { !$0.values.isIdentical(to: $1.values) }
    return different.map { "/\($0.0.path)" }
  }

  /// Compares the statistics, and the validation and test figures, of the end of a cycle.
  ///
  /// *Throws:* the failure of a program that computes the objective.
  private func difference(
    fromFiguresOf evaluator: any Evaluator, dataset: Dataset
  ) throws -> String? {
    guard let stated = end.statistics, let record = end.history.last else { return nil }
    let statistics = evaluator.trainingSetStatistics()
    func bits(_ values: [[Float]]) -> [[UInt32]] { values.map { $0.map(\.bitPattern) } }
    guard bits(statistics.mean) == bits(stated.mean),
      bits(statistics.variance) == bits(stated.variance)
    else { return "/statistics" }
    let sets: [(String, ObjectiveSamples.Purpose, SampleSet?, SetScore?)] = [
      ("validation", .validationSet, dataset.validation, record.validation),
      ("test", .testSet, dataset.test, record.test),
    ]
    for (name, purpose, set, stated) in sets {
      guard let set, let stated else { continue }
      let samples = Samples(set, normalization: end.plan.normalization)
      let score = Score(
        evaluator.predictions(for: samples, statistics: statistics), samples.targets,
        objective: evaluator.objective, purpose: purpose
      ).summary
      if let failure = evaluator.objective.program?.failure ?? evaluator.failure { throw failure }
      guard score.loss.bitPattern == stated.loss.bitPattern, score.accuracy == stated.accuracy
      else { return "the \(name) figures of cycle \(record.cycle)" }
    }
    return nil
  }
}
