import RSONetworks
import RSORanks

/// The random search of a plan, from any of its states, one neuron at a time.
///
/// *Reproducibility:* bitwise. A search that starts from a state continues as the search that reached it
/// would have: every draw is a function of its position, and what the evaluator holds at the beginning
/// of a neuron follows from the parameters alone.
///
/// *Paper:* RSO § 3, Algorithm 1.
package struct Search: ~Copyable {
  /// The result of a step.
  package enum Outcome: Sendable, Hashable {
    case neuronFinished
    /// The neuron was the last of its cycle.
    case cycleFinished(CycleSummary)
    /// The neuron was abandoned between two parameters. The state is the one before the neuron, but
    /// the evaluator has changed, so this search cannot continue.
    case abandoned
  }

  /// The state before the next neuron.
  package internal(set) var state: SearchState

  private(set) var context: SearchContext
  let team: EvaluatorTeam
  /// The processes that share the neurons of a parallel search.
  let groups: RankGroups
  /// The minibatches of the current layer; nil until the evaluators have begun it.
  var batches: LayerBatches?
  private var isSpent = false
  /// The neuron whose losses are asked for.
  private var asked: NeuronSearch?

  /// - Parameters:
  ///   - workers: The number of neurons to search in parallel if the plan allows it, in each group of ranks. The
  ///     result does not depend on it. All ranks give the same number.
  ///   - groups: The processes that search together. Those of a group have evaluators that share the samples.
  ///   - program: Computes the objective of a plan whose loss is `program`; nil for other plans.
  ///   - makeEvaluator: Called once for each worker, with the parameters to begin with.
  ///
  /// *Throws:* the errors of `SearchPlan.validate`, `SearchState.validate` and `makeEvaluator`;
  /// `SearchError.noProgram`.
  package init(
    plan: SearchPlan, state: SearchState, workers: Int = 1, groups: RankGroups = RankGroups(),
    program: (any ObjectiveProgram)? = nil,
    makeEvaluator: (_ parameters: [Float]) throws -> any Evaluator
  ) throws {
    try plan.validate()
    guard plan.options.loss != .program || program != nil else {
      throw SearchError.noProgram(plan.options.objectiveCommand)
    }
    let order = try SearchOrder(plan)
    try state.validate(plan, order: order)
    let parameters = state.parametersAtLayerBeginning(order.layout)
    let count = plan.options.parallel == .none ? 1 : max(1, workers)
    team = EvaluatorTeam(
      try (0..<count).map { _ in
        let evaluator = try makeEvaluator(parameters)
        evaluator.objective = plan.objective
        evaluator.objective.program = program
        return evaluator
      })
    self.groups = groups
    context = SearchContext(plan, order: order, state: state, program: program)
    self.state = state
  }

  package var plan: SearchPlan { context.plan }
  package var order: SearchOrder { context.order }
  package var schedule: DeviationSchedule { context.schedule }
  package var evaluator: any Evaluator { team.first }
  /// The shortage, if neurons that are searched in parallel had to share threads; otherwise nil.
  package var threadShortage: ThreadShortage? { team.threadShortage }

  /// True if all cycles of the plan are finished.
  package var isFinished: Bool { state.cursor.cycle >= plan.options.cycles }

  /// Searches the next neuron, or several if neurons are searched in parallel. With several groups of ranks, all
  /// ranks call this together, and have the same state afterwards.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked before each parameter; in a parallel search, at short intervals. True
  ///     abandons the neuron.
  ///   - observe: Called after each parameter.
  ///
  /// *Throws:* `SearchError.lossNotFinite`, or the failure of a program that computes the objective; the state
  /// is then the one before the neuron, and this search is over. `SearchError.failedElsewhere`: another group of
  /// ranks has thrown one of them.
  package mutating func step(
    shouldStop: () -> Bool = { false }, observe: (SearchStep) -> Void = { _ in }
  ) throws -> Outcome {
    precondition(!isSpent && !isFinished && asked == nil, "the search is over, or waits for losses")
    isSpent = true
    if shouldStop() { return .abandoned }
    let visits =
      plan.options.parallel == .none
      ? try searchNext(shouldStop, observe).map { [$0] }
      : try searchWave(shouldStop, observe)
    guard let visits else { return .abandoned }
    isSpent = false
    var summary: CycleSummary?
    for visit in visits { summary = finish(visit) }
    return summary.map { .cycleFinished($0) } ?? .neuronFinished
  }

  // MARK: Asking for losses

  /// The next thing that happens in a search whose losses its caller computes.
  package enum Progress: Sendable {
    /// The search goes on once it is told these losses.
    case question(SearchQuestion)
    /// A neuron is finished.
    case outcome(Outcome)
  }

  /// Goes on to the next losses that are needed, or to the end of a neuron. Asked again before it is told the
  /// losses, it gives the same question.
  ///
  /// *Precondition:* no neurons are searched in parallel.
  ///
  /// *Throws:* as `step`.
  package mutating func ask(observe: (SearchStep) -> Void = { _ in }) throws -> Progress {
    precondition(!isSpent && !isFinished && plan.options.parallel == .none)
    isSpent = true
    var neuron = asked.take() ?? beginNeuron()
    if let question = try neuron.ask(shouldStop: { false }, observe: observe) {
      asked = neuron
      isSpent = false
      return .question(question)
    }
    guard let visit = neuron.result else { return .outcome(.abandoned) }
    isSpent = false
    return .outcome(finish(visit).map { .cycleFinished($0) } ?? .neuronFinished)
  }

  /// Takes the losses of the last question, in the order of its candidates.
  package mutating func tell(_ losses: [Double]) { asked?.answer(losses) }

  // MARK: One neuron

  /// Searches one neuron on this thread.
  private mutating func searchNext(
    _ shouldStop: () -> Bool, _ observe: (SearchStep) -> Void
  ) throws -> NeuronVisit? {
    var neuron = beginNeuron()
    return try neuron.run(shouldStop: shouldStop, observe: observe)
  }

  private mutating func beginNeuron() -> NeuronSearch {
    let cursor = state.cursor
    let isJoint = plan.options.granularity != .weight
    let isNew = batches == nil
    let batches = takeBatches()
    if isNew {
      changeImages()
      // A proposal for the whole network changes the activations before the layer as well.
      let layer = plan.options.granularity == .network ? 0 : cursor.layer
      evaluator.beginLayer(layer, slots: isJoint ? 0 : batches.slots)
    }
    let neuron = NeuronSearch(
      context: context, cursor: cursor, evaluator: evaluator, batches: batches,
      parameters: state.parameters)
    if !isJoint { evaluator.beginNeuron(output: neuron.unit.output) }
    return neuron
  }

  /// Gives the evaluators the images that the current layer's minibatches are cut from.
  func changeImages() {
    guard !plan.options.augment.changesNothing else { return }
    var changed: Samples?
    for member in team.members {
      member.changeImages { samples in
        let images =
          changed
          ?? context.batchSampler.images(
            of: samples, layer: state.cursor.layer, cycle: state.cursor.cycle)
        changed = images
        return images
      }
    }
  }

  /// The minibatches of the current layer.
  mutating func takeBatches() -> LayerBatches {
    let taken =
      batches
      ?? context.batchSampler.batches(layer: state.cursor.layer, cycle: state.cursor.cycle)
    batches = taken
    return taken
  }

  /// Advances the state past the neuron; returns the figures of a cycle that it finished.
  private mutating func finish(_ visit: NeuronVisit) -> CycleSummary? {
    let cursor = state.cursor
    if plan.options.parallel != .none, state.layerParameters == nil {
      state.layerParameters = Array(state.parameters[order.layout.layers[cursor.layer].range])
    }
    for (offset, value) in visit.values { state.parameters[offset] = value }
    state.tallies[cursor.layer].add(visit.tally)
    for loss in visit.losses { state.lossSum += loss }
    state.comparisons += visit.losses.count
    state.evaluations += visit.evaluations
    state.cursor = order.next(after: cursor)
    guard order.beginsLayer(state.cursor) else { return nil }
    batches = nil
    if state.layerParameters != nil {
      state.layerParameters = nil
      for member in team.members { member.replaceParameters(with: state.parameters) }
    }
    return state.cursor.cycle == cursor.cycle ? nil : takeSummary(cycle: cursor.cycle)
  }

  /// Moves the finished cycle's figures out of the state.
  private mutating func takeSummary(cycle: Int) -> CycleSummary {
    let summary = CycleSummary(
      cycle: cycle + 1, trainingLoss: state.lossSum / Double(max(1, state.comparisons)),
      evaluations: state.evaluations, deviations: schedule.deviations(cycle: cycle),
      tallies: state.tallies)
    if let factors = state.deviationFactors {
      state.deviationFactors = zip(factors, state.tallies).map {
        $0 * plan.options.adapt.factor(after: $1)
      }
      context.schedule = DeviationSchedule(state, options: plan.options)
    }
    state.tallies = Array(repeating: StepTally(), count: state.tallies.count)
    state.lossSum = 0
    state.comparisons = 0
    state.evaluations = 0
    return summary
  }
}
