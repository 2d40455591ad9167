import RSONetworks

/// A bowl: the loss is the squared distance of the parameters from a target that varies with the
/// minibatch. It keeps the distance up to date with rounding that drifts, and takes it afresh where
/// an evaluator must: at the beginning of a neuron.
final class QuadraticEvaluator: Evaluator {
  let architecture: Architecture
  let layout: ParameterLayout
  private(set) var parameters: [Float]
  var objective = Objective(Loss.crossEntropy)

  /// What the search asked for, in order.
  private(set) var calls: [Call] = []
  enum Call: Equatable {
    case layer(Int, slots: Int)
    case neuron(output: Int)
    case losses(WeightAddress, [Float], Minibatch)
    case networks(Int, Minibatch)
    case commit(Perturbation)
    case replace
  }

  /// Gives the losses of a step, by its number; nil for those of the bowl.
  var losses: (Int) -> [Double]? = { _ in nil }
  private var steps = 0
  private var layer = -1
  private var output = -1
  private var distance: Float = 0

  init(parameters: [Float]) throws {
    architecture = SmallNetwork.architecture
    layout = try SmallNetwork.layout()
    self.parameters = parameters
  }

  func changeImages(_ change: (Samples) -> Samples) {}
  func beginLayer(_ layer: Int, slots: Int) {
    calls.append(.layer(layer, slots: slots))
    self.layer = layer
  }

  func beginNeuron(output: Int) {
    calls.append(.neuron(output: output))
    self.output = output
    distance = parameters.reduce(0) { $0 + $1 * $1 }
  }

  func losses(
    of address: WeightAddress, values: [Float], on minibatch: Minibatch
  ) -> [Double] {
    precondition(address.layer == layer && address.output == output)
    calls.append(.losses(address, values, minibatch))
    defer { steps += 1 }
    if let losses = losses(steps) { return losses }
    let old = parameters[layout.offset(of: address)]
    let target = target(minibatch)
    return values.map { Double(distance - old * old + ($0 - target) * ($0 - target)) }
  }

  func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double] {
    calls.append(.networks(candidates.count, minibatch))
    let target = target(minibatch)
    return candidates.map { candidate in
      Double(candidate.reduce(0) { $0 + ($1 - target) * ($1 - target) })
    }
  }

  private func target(_ minibatch: Minibatch) -> Float {
    minibatch.samples.reduce(Float(0)) { ($0 * 0.5 + Float($1)) * 0.125 } * 0.01
  }

  func commit(_ perturbation: Perturbation) {
    calls.append(.commit(perturbation))
    let offset = layout.offset(of: perturbation.address)
    distance += perturbation.value * perturbation.value - parameters[offset] * parameters[offset]
    parameters[offset] = perturbation.value
  }

  func replaceParameters(with parameters: [Float]) {
    calls.append(.replace)
    self.parameters = parameters
  }

  func trainingSetStatistics() -> NormalizationStatistics {
    NormalizationStatistics(mean: [], variance: [])
  }

  func predictions(
    for samples: Samples, statistics: NormalizationStatistics
  ) -> Predictions {
    Predictions(logits: [], classes: architecture.classes)
  }
}
