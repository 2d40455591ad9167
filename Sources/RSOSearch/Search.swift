import RSONetworks

/// The random search of a plan, from any of its states on, one neuron at a time.
///
/// *Reproducibility:* bitwise. A search made from a state goes on as the one that reached it would
/// have: every draw is a function of its place, and a neuron begins with what the evaluator makes of
/// the parameters alone.
///
/// *Paper:* RSO § 3, Algorithm 1.
package struct Search: ~Copyable {
  /// What became of a neuron.
  package enum Outcome: Sendable, Hashable {
    case neuronFinished
    /// It was the cycle's last.
    case cycleFinished(CycleSummary)
    /// Given up between two parameters; the state is the one before the neuron. The evaluator is
    /// ahead of it, so this search is over.
    case abandoned
  }

  package let plan: SearchPlan
  package let order: SearchOrder
  package let schedule: DeviationSchedule
  package let evaluator: any Evaluator
  /// As it is before the next neuron.
  package private(set) var state: SearchState

  private let perturbations: PerturbationSampler
  private let batchSampler: BatchSampler
  /// Minibatches of the layer at hand; nil until the evaluator has begun it.
  private var batches: LayerBatches?
  private var isSpent = false

  /// - Parameter makeEvaluator: Called with the parameters of `state`.
  ///
  /// *Throws:* when the plan is not valid or the state is not one of its network; whatever
  /// `makeEvaluator` throws.
  package init(
    plan: SearchPlan, state: SearchState,
    makeEvaluator: (_ parameters: [Float]) throws -> any Evaluator
  ) throws {
    try plan.validate()
    let order = SearchOrder(try StageGraph(plan.architecture).layout)
    try state.validate(order: order)
    let evaluator = try makeEvaluator(state.parameters)
    self.evaluator = evaluator
    self.order = order
    self.plan = plan
    self.state = state
    schedule = DeviationSchedule(
      initialDeviations: state.initialDeviations, options: plan.options)
    perturbations = PerturbationSampler(seed: plan.seed)
    batchSampler = BatchSampler(
      options: plan.options, seed: plan.seed, population: plan.data.trainingCount)
  }

  /// Whether all cycles of the plan are done.
  package var isFinished: Bool { state.cursor.cycle >= plan.options.cycles }

  /// Searches the parameters of the next neuron.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked before each parameter; true abandons the neuron.
  ///   - observe: Called after each parameter.
  ///
  /// *Throws:* `SearchError.lossNotFinite`; the state is then the one before the neuron, and this
  /// search is over.
  package mutating func step(
    shouldStop: () -> Bool = { false }, observe: (SearchStep) -> Void = { _ in }
  ) throws -> Outcome {
    precondition(!isSpent && !isFinished, "the search is over")
    isSpent = true
    let cursor = state.cursor
    let unit = order.unit(at: cursor)
    if shouldStop() { return .abandoned }
    if batches == nil {
      let fresh = batchSampler.batches(layer: cursor.layer, cycle: cursor.cycle)
      evaluator.beginLayer(cursor.layer, slots: fresh.slots)
      batches = fresh
    }
    evaluator.beginNeuron(output: unit.output)

    var visit = NeuronVisit(state)
    for (place, address) in unit.addresses.enumerated() {
      if shouldStop() { return .abandoned }
      let step = try compare(address, ordinal: unit.firstOrdinal + place, in: &visit)
      observe(step)
    }
    isSpent = false
    return finish(visit)
  }

  /// What a neuron's steps add up to, kept aside until it is finished.
  private struct NeuronVisit {
    var values: [(offset: Int, value: Float)] = []
    var tally: StepTally
    var lossSum: Double
    var evaluations: Int

    init(_ state: SearchState) {
      tally = state.tallies[state.cursor.layer]
      lossSum = state.lossSum
      evaluations = state.evaluations
    }
  }

  /// One step: draws, compares, and gives the parameter its new value.
  private mutating func compare(
    _ address: WeightAddress, ordinal: Int, in visit: inout NeuronVisit
  ) throws -> SearchStep {
    let cursor = state.cursor
    let minibatch = batches!.minibatch(ordinal: ordinal)
    let deviation = schedule.deviation(
      layer: cursor.layer, kind: address.kind, cycle: cursor.cycle)
    let offset = order.layout.offset(of: address)
    let proposal = Proposal(
      address: address, value: state.parameters[offset],
      delta: perturbations.delta(
        deviation: deviation, ordinal: ordinal, layer: cursor.layer, cycle: cursor.cycle),
      weightDecay: plan.options.weightDecay)
    let losses = evaluator.losses(of: proposal.candidates, on: minibatch)
    guard let selection = Selection(losses, among: proposal.candidates) else {
      throw SearchError.lossNotFinite(
        layer: order.layout.layers[cursor.layer].name, cycle: cursor.cycle + 1)
    }
    let perturbation = proposal.perturbation(selection.choice)
    evaluator.commit(perturbation)
    visit.values.append((offset, perturbation.value))
    visit.tally.count(selection.choice)
    visit.lossSum += selection.loss
    visit.evaluations += 3
    return SearchStep(
      cursor: cursor, address: address, ordinal: ordinal, choice: selection.choice,
      loss: selection.loss)
  }

  /// Brings the state to the boundary after the neuron.
  private mutating func finish(_ visit: NeuronVisit) -> Outcome {
    for (offset, value) in visit.values { state.parameters[offset] = value }
    let cursor = state.cursor
    state.tallies[cursor.layer] = visit.tally
    state.lossSum = visit.lossSum
    state.evaluations = visit.evaluations
    state.cursor = order.next(after: cursor)
    if state.cursor.layer != cursor.layer || state.cursor.cycle != cursor.cycle { batches = nil }
    guard state.cursor.cycle != cursor.cycle else { return .neuronFinished }
    return .cycleFinished(takeSummary(cycle: cursor.cycle))
  }

  /// Moves the finished cycle's figures out of the state.
  private mutating func takeSummary(cycle: Int) -> CycleSummary {
    let steps = state.tallies.reduce(0) { $0 + $1.steps }
    let summary = CycleSummary(
      cycle: cycle + 1, trainingLoss: state.lossSum / Double(steps),
      evaluations: state.evaluations, deviations: schedule.deviations(cycle: cycle),
      tallies: state.tallies)
    state.tallies = Array(repeating: StepTally(), count: state.tallies.count)
    state.lossSum = 0
    state.evaluations = 0
    return summary
  }
}
