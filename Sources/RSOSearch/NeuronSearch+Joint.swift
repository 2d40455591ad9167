import RSONetworks

/// Steps whose proposals change all parameters of a layer or of the network at once.
///
/// There is one such step for each parameter, with the minibatch that a step of that parameter would have,
/// so that cycles can be compared. That parameter is the one that decays. *Paper:* § 4.2.
extension NeuronSearch {
  /// Does the same as `run`, with joint proposals.
  mutating func runJointly(_ parameters: [Float]) throws -> NeuronVisit? {
    let unit = context.order.unit(at: cursor)
    let layout = context.order.layout
    let deviations = jointDeviations
    var current = parameters
    var visit = NeuronVisit()
    for (place, address) in unit.addresses.enumerated() {
      if shouldStop() { return nil }
      let ordinal = unit.firstOrdinal + place
      let offset = layout.offset(of: address)
      current[offset] = Proposal.decayed(current[offset], context.options.weightDecay)
      let deltas = context.perturbations.deltas(
        deviations: deviations.values, ordinal: ordinal, layer: cursor.layer, cycle: cursor.cycle)
      let proposal = JointProposal(
        current: current, offset: deviations.offset, deltas: deltas)
      let minibatch = batches.minibatch(ordinal: unit.firstBatch + place)
      let selection = try compare(proposal, on: minibatch)
      current = proposal.parameters(selection)
      evaluator.replaceParameters(with: current)
      let step = SearchStep(
        cursor: cursor, address: address, ordinal: ordinal, choice: selection.choice,
        loss: selection.loss)
      visit.count(step, evaluations: selection.evaluations)
      observe(step)
    }
    visit.values = current.indices.map { ($0, current[$0]) }
    return visit
  }

  /// The deviation of each changed parameter, and the index of the first in the flat vector.
  private var jointDeviations: (offset: Int, values: [Double]) {
    let layout = context.order.layout
    let layers =
      context.options.granularity == .network
      ? layout.layers.indices : cursor.layer..<(cursor.layer + 1)
    let values = layers.flatMap { layer in
      layout.layers[layer].tensors.flatMap { tensor in
        let deviation = context.schedule.deviation(
          layer: layer, kind: tensor.kind, cycle: cursor.cycle)
        return [Double](repeating: deviation, count: tensor.count)
      }
    }
    return (layout.layers[layers.lowerBound].tensors[0].offset, values)
  }

  private func compare(_ proposal: JointProposal, on minibatch: Minibatch) throws -> Selection {
    guard proposal.deltas.contains(where: { $0 != 0 }) else { return .nothingProposed }
    let selection = context.options.selection.select(
      isFinite: { proposal.parameters($0).allSatisfy(\.isFinite) },
      evaluate: { choices in
        evaluator.losses(ofNetworks: choices.map { proposal.parameters($0) }, on: minibatch)
      })
    try context.checkProgram()
    guard let selection else { throw context.lossNotFinite(cursor) }
    return selection
  }
}

/// A change of consecutive parameters: W, W + D or W - D.
private struct JointProposal {
  let current: [Float]
  /// The index of the first changed parameter in the flat vector.
  let offset: Int
  let deltas: [Float]

  func parameters(_ choice: Choice) -> [Float] {
    switch choice {
    case .kept: current
    case .plus: changed { $0 + $1 }
    case .minus: changed { $0 - $1 }
    }
  }

  func parameters(_ selection: Selection) -> [Float] {
    if selection.isMeasured { return parameters(selection.choice) }
    return changed { $0 + Float(selection.fraction * Double($1)) }
  }

  private func changed(_ change: (Float, Float) -> Float) -> [Float] {
    var result = current
    for (index, delta) in deltas.enumerated() {
      result[offset + index] = change(current[offset + index], delta)
    }
    return result
  }
}
