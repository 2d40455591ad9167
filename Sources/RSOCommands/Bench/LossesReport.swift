import RSONetworks

/// The losses of given steps, for `rso bench --losses`.
struct LossesReport: Encodable {
  struct Step: Encodable {
    var layer: String
    var kind: String
    var neuron: Int
    var weight: Int
    var delta: Float
    var samples: Int
    var current: Double
    var plus: Double
    var minus: Double
  }

  var network: String
  var numericPath: String
  var steps: [Step]

  /// Evaluates each step from the evaluator's parameters, which do not change.
  init(_ steps: [StepsFile.Checked], with evaluator: any Evaluator, numericPath: String) {
    network = evaluator.architecture.name
    self.numericPath = numericPath
    var layer: Int?
    self.steps = steps.map { checked in
      let address = checked.address
      if layer != address.layer { evaluator.beginLayer(address.layer, slots: 0) }
      layer = address.layer
      evaluator.beginNeuron(output: address.output)
      let value = evaluator.parameters[evaluator.layout.offset(of: address)]
      let losses = evaluator.losses(
        of: Candidates(
          address: address, current: value, plus: value + checked.step.delta,
          minus: value - checked.step.delta),
        on: Minibatch(samples: checked.samples, slot: nil))
      return Step(
        layer: checked.step.layer, kind: address.kind.rawValue, neuron: address.output,
        weight: address.index, delta: checked.step.delta, samples: checked.samples.count,
        current: losses.current, plus: losses.plus, minus: losses.minus)
    }
  }
}
