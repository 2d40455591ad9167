import RSONetworks

/// The search of one neuron, one step after the other, as a dialogue: `ask` says which losses the next step
/// needs, `answer` takes them. `run` lets the evaluator answer.
struct NeuronSearch {
  let context: SearchContext
  let cursor: SearchCursor
  let evaluator: any Evaluator
  let unit: NeuronUnit
  var batches: LayerBatches

  /// The network's parameters: those before the neuron, or with joint proposals the present ones.
  var parameters: [Float]
  /// The present values of the parameters that share the minibatch.
  private var values: [Float] = []
  private var minibatch = Minibatch(samples: [], slot: nil)
  /// The current value's loss on the minibatch, if it is known.
  private var known: Double?
  /// The index in the unit of the parameter that is searched, or that comes next.
  private var place = 0
  private var step: (proposal: StepProposal, comparison: Comparison)?
  private var visit = NeuronVisit()

  init(
    context: SearchContext, cursor: SearchCursor, evaluator: any Evaluator, batches: LayerBatches,
    parameters: [Float]
  ) {
    self.context = context
    self.cursor = cursor
    self.evaluator = evaluator
    self.batches = batches
    self.parameters = parameters
    unit = context.order.unit(at: cursor)
  }

  private var options: SearchOptions { context.options }
  private var isJoint: Bool { options.granularity != .weight }

  /// The results; nil until all parameters are searched.
  var result: NeuronVisit? {
    guard place == unit.addresses.count else { return nil }
    var visit = visit
    if isJoint { visit.values = parameters.indices.map { ($0, parameters[$0]) } }
    return visit
  }

  /// Compares the candidates of all of the neuron's parameters.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked before each parameter; true abandons the neuron.
  ///   - observe: Called after each parameter.
  ///
  /// - Returns: nil if the neuron was abandoned.
  ///
  /// *Throws:* `SearchError.lossNotFinite`; the failure of the evaluator, or of a program that computes the objective.
  mutating func run(
    shouldStop: () -> Bool, observe: (SearchStep) -> Void
  ) throws -> NeuronVisit? {
    while let question = try ask(shouldStop: shouldStop, observe: observe) {
      switch question.candidates {
      case .values(let address, let values):
        answer(evaluator.losses(of: address, values: values, on: question.minibatch))
      case .networks(let networks):
        answer(evaluator.losses(ofNetworks: networks, on: question.minibatch))
      }
      try context.checkProgram()
      if let failure = evaluator.failure { throw failure }
    }
    return result
  }

  /// Finishes the steps whose losses are known, and returns the losses that are needed next. Nil if the neuron
  /// is finished or abandoned.
  ///
  /// *Throws:* `SearchError.lossNotFinite`.
  mutating func ask(
    shouldStop: () -> Bool, observe: (SearchStep) -> Void
  ) throws -> SearchQuestion? {
    while true {
      if let (proposal, comparison) = step {
        let wanted = proposal.choices.count > 1 ? comparison.wanted : []
        guard wanted.isEmpty else {
          return SearchQuestion(candidates: proposal.candidates(wanted), minibatch: minibatch)
        }
        try finish(proposal, comparison, observe)
        step = nil
      }
      guard place < unit.addresses.count, !shouldStop() else { return nil }
      begin()
    }
  }

  /// Takes the losses that `ask` has asked for, in the order of the candidates.
  mutating func answer(_ losses: [Double]) {
    guard let proposal = step?.proposal else { return }
    step?.comparison.take(losses, isFinite: proposal.isFinite)
  }

  // MARK: One step

  /// Makes the candidates of the next parameter.
  private mutating func begin() {
    if isJoint {
      minibatch = batches.minibatch(ordinal: unit.firstBatch + place)
    } else if place % hold == 0 {
      beginGroup()
    }
    let proposal = isJoint ? jointProposal(place) : StepProposal.single(proposal(place))
    step = (
      proposal, Comparison(options.selection, among: proposal.choices, known: known)
    )
  }

  private mutating func finish(
    _ proposal: StepProposal, _ comparison: Comparison, _ observe: (SearchStep) -> Void
  ) throws {
    var selection = Selection.nothingProposed
    if proposal.choices.count > 1 {
      guard let found = comparison.selection else { throw context.lossNotFinite(cursor) }
      selection = found
    }
    let address = unit.addresses[place]
    switch proposal {
    case .single(let proposal):
      let perturbation = proposal.perturbation(selection)
      if options.parallel != .layer { evaluator.commit(perturbation) }
      if options.hold > 1, let loss = selection.loss { known = loss }
      visit.values.append((context.order.layout.offset(of: address), perturbation.value))
    case .joint(let proposal):
      parameters = proposal.parameters(selection)
      evaluator.replaceParameters(with: parameters)
    }
    let step = SearchStep(
      cursor: cursor, address: address, ordinal: unit.firstOrdinal + place,
      choice: selection.choice, loss: selection.loss)
    place += 1
    visit.count(step, evaluations: selection.evaluations)
    observe(step)
  }

  // MARK: Parameters that share a minibatch

  private var hold: Int { min(options.hold, unit.addresses.count) }
  private var sharesDecay: Bool { options.hold > 1 && options.weightDecay > 0 }

  private mutating func beginGroup() {
    let layout = context.order.layout
    let group = place..<min(place + hold, unit.addresses.count)
    minibatch = batches.minibatch(ordinal: unit.firstBatch + place / hold)
    values = group.map { parameters[layout.offset(of: unit.addresses[$0])] }
    known = nil
    guard sharesDecay else { return }
    // Weights that share a minibatch decay together, so that the loss that one step measures is the
    // current loss of the next.
    for index in group {
      let decay = context.decay(unit.addresses[index].kind, layer: cursor.layer)
      guard decay > 0 else { continue }
      let value = Proposal.decayed(values[index - group.lowerBound], decay)
      values[index - group.lowerBound] = value
      evaluator.commit(Perturbation(address: unit.addresses[index], value: value))
    }
  }

  // MARK: Proposals

  private func grid(_ address: WeightAddress) -> WeightGrid? {
    address.kind == .weight ? context.grids[cursor.layer]?[address.output] : nil
  }

  private func proposal(_ place: Int) -> Proposal {
    let address = unit.addresses[place]
    let (value, ordinal) = (values[place % hold], unit.firstOrdinal + place)
    guard let grid = grid(address) else {
      return Proposal(
        address: address, value: value, delta: delta(address, ordinal: ordinal),
        weightDecay: sharesDecay ? 0 : context.decay(address.kind, layer: cursor.layer))
    }
    return Proposal(
      address: address, value: value,
      delta: options.weights.isSmall ? 0 : delta(address, ordinal: ordinal), grid: grid)
  }

  private func delta(_ address: WeightAddress, ordinal: Int) -> Float {
    context.perturbations.delta(
      deviation: context.deviation(
        address.kind, layer: cursor.layer, output: address.output, cycle: cursor.cycle),
      ordinal: ordinal, layer: cursor.layer, cycle: cursor.cycle)
  }
}
