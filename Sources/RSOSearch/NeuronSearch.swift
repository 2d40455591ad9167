import RSONetworks

/// The search of one neuron, one parameter after the other.
struct NeuronSearch {
  let context: SearchContext
  let cursor: SearchCursor
  let evaluator: any Evaluator
  var batches: LayerBatches

  /// Asked before each parameter; true abandons the neuron.
  let shouldStop: () -> Bool
  /// Called after each parameter.
  let observe: (SearchStep) -> Void

  private var options: SearchOptions { context.options }

  /// Compares the candidates of all of the neuron's parameters.
  ///
  /// - Parameter parameters: The network's parameters before the neuron.
  ///
  /// - Returns: nil if the neuron was abandoned.
  ///
  /// *Throws:* `SearchError.lossNotFinite`; the failure of a program that computes the objective.
  mutating func run(_ parameters: [Float]) throws -> NeuronVisit? {
    let unit = context.order.unit(at: cursor)
    let layout = context.order.layout
    var visit = NeuronVisit()
    let hold = min(options.hold, unit.addresses.count)
    for first in stride(from: 0, to: unit.addresses.count, by: hold) {
      let minibatch = batches.minibatch(ordinal: unit.firstBatch + first / hold)
      let group = first..<min(first + hold, unit.addresses.count)
      var values = group.map { parameters[layout.offset(of: unit.addresses[$0])] }
      let sharesDecay = options.hold > 1 && options.weightDecay > 0
      // Weights that share a minibatch decay together, so that the loss that one step measures is the
      // current loss of the next.
      if sharesDecay {
        for place in group where decay(unit.addresses[place].kind) > 0 {
          let value = Proposal.decayed(values[place - first], options.weightDecay)
          values[place - first] = value
          evaluator.commit(Perturbation(address: unit.addresses[place], value: value))
        }
      }
      var known: Double?
      for place in group {
        if shouldStop() { return nil }
        let address = unit.addresses[place]
        let proposal = proposal(
          address, value: values[place - first], ordinal: unit.firstOrdinal + place,
          weightDecay: sharesDecay ? 0 : options.weightDecay)
        let selection = try compare(proposal, known: known, on: minibatch)
        let perturbation = proposal.perturbation(selection)
        if options.parallel != .layer { evaluator.commit(perturbation) }
        if options.hold > 1, let loss = selection.loss { known = loss }
        visit.values.append((layout.offset(of: address), perturbation.value))
        let step = SearchStep(
          cursor: cursor, address: address, ordinal: unit.firstOrdinal + place,
          choice: selection.choice, loss: selection.loss)
        visit.count(step, evaluations: selection.evaluations)
        observe(step)
      }
    }
    return visit
  }

  private func grid(_ kind: ParameterKind) -> WeightGrid? {
    kind == .weight ? context.grids[cursor.layer] : nil
  }

  private func decay(_ kind: ParameterKind) -> Double {
    grid(kind) == nil ? options.weightDecay : 0
  }

  private func proposal(
    _ address: WeightAddress, value: Float, ordinal: Int, weightDecay: Double
  ) -> Proposal {
    guard let grid = grid(address.kind) else {
      return Proposal(
        address: address, value: value, delta: delta(address.kind, ordinal: ordinal),
        weightDecay: weightDecay)
    }
    return Proposal(
      address: address, value: value,
      delta: options.weights.isSmall ? 0 : delta(.weight, ordinal: ordinal), grid: grid)
  }

  private func delta(_ kind: ParameterKind, ordinal: Int) -> Float {
    context.perturbations.delta(
      deviation: context.schedule.deviation(layer: cursor.layer, kind: kind, cycle: cursor.cycle),
      ordinal: ordinal, layer: cursor.layer, cycle: cursor.cycle)
  }

  private func compare(
    _ proposal: Proposal, known: Double?, on minibatch: Minibatch
  ) throws -> Selection {
    guard proposal.choices.count > 1 else { return .nothingProposed }
    let selection = options.selection.select(
      among: proposal.choices, known: known, isFinite: { proposal.value($0).isFinite },
      evaluate: { choices in
        evaluator.losses(
          of: proposal.candidates.address, values: choices.map(proposal.value), on: minibatch)
      })
    try context.checkProgram()
    guard let selection else { throw context.lossNotFinite(cursor) }
    return selection
  }
}
