import RSONetworks

/// Steps whose proposals change all parameters of a layer or of the network at once.
///
/// There is one such step for each parameter, with the minibatch that a step of that parameter would have,
/// so that cycles can be compared. That parameter is the one that decays. *Paper:* § 4.2.
extension NeuronSearch {
  /// Lets the parameter at `place` decay, and proposes a change of all.
  mutating func jointProposal(_ place: Int) -> StepProposal {
    let deviations = jointDeviations
    let offset = context.order.layout.offset(of: unit.addresses[place])
    let decay = context.decay(unit.addresses[place].kind, layer: cursor.layer)
    if decay > 0 { parameters[offset] = Proposal.decayed(parameters[offset], decay) }
    let deltas = context.perturbations.deltas(
      deviations: deviations.values, ordinal: unit.firstOrdinal + place, layer: cursor.layer,
      cycle: cursor.cycle)
    return .joint(JointProposal(current: parameters, offset: deviations.offset, deltas: deltas))
  }

  /// The deviation of each changed parameter, and the index of the first in the flat vector.
  private var jointDeviations: (offset: Int, values: [Double]) {
    let layout = context.order.layout
    let layers =
      context.options.granularity == .network
      ? layout.layers.indices : cursor.layer..<(cursor.layer + 1)
    let values = layers.flatMap { layer in
      layout.layers[layer].tensors.flatMap { tensor in
        let outputs = layout.layers[layer].outputs
        return (0..<outputs).flatMap { output in
          let deviation = context.deviation(
            tensor.kind, layer: layer, output: output, cycle: cursor.cycle)
          return [Double](repeating: deviation, count: tensor.count / outputs)
        }
      }
    }
    return (layout.layers[layers.lowerBound].tensors[0].offset, values)
  }
}
