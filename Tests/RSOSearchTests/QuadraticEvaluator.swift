import RSONetworks

/// A bowl: the loss is the squared distance of the parameters from a target that varies with the
/// minibatch. It keeps the distance up to date with rounding that drifts, and takes it afresh where
/// an evaluator must: at the beginning of a neuron.
final class QuadraticEvaluator: Evaluator {
  let architecture: Architecture
  let layout: ParameterLayout
  private(set) var parameters: [Float]
  var loss = Loss.crossEntropy

  /// What the search asked for, in order.
  private(set) var calls: [Call] = []
  enum Call: Equatable {
    case layer(Int, slots: Int)
    case neuron(output: Int)
    case losses(Candidates, Minibatch)
    case commit(Perturbation)
  }

  /// Gives the losses of a step, by its number; nil for those of the bowl.
  var losses: (Int) -> CandidateLosses? = { _ in nil }
  private var steps = 0
  private var layer = -1
  private var output = -1
  private var distance: Float = 0

  init(parameters: [Float]) throws {
    architecture = SmallNetwork.architecture
    layout = try SmallNetwork.layout()
    self.parameters = parameters
  }

  func beginLayer(_ layer: Int, slots: Int) {
    calls.append(.layer(layer, slots: slots))
    self.layer = layer
  }

  func beginNeuron(output: Int) {
    calls.append(.neuron(output: output))
    self.output = output
    distance = parameters.reduce(0) { $0 + $1 * $1 }
  }

  func losses(of candidates: Candidates, on minibatch: Minibatch) -> CandidateLosses {
    precondition(candidates.address.layer == layer && candidates.address.output == output)
    calls.append(.losses(candidates, minibatch))
    defer { steps += 1 }
    if let losses = losses(steps) { return losses }
    let old = parameters[layout.offset(of: candidates.address)]
    let target = minibatch.samples.reduce(Float(0)) { ($0 * 0.5 + Float($1)) * 0.125 } * 0.01
    func loss(_ value: Float) -> Double {
      Double(distance - old * old + (value - target) * (value - target))
    }
    return CandidateLosses(
      current: loss(candidates.current), plus: loss(candidates.plus),
      minus: loss(candidates.minus))
  }

  func commit(_ perturbation: Perturbation) {
    calls.append(.commit(perturbation))
    let offset = layout.offset(of: perturbation.address)
    distance += perturbation.value * perturbation.value - parameters[offset] * parameters[offset]
    parameters[offset] = perturbation.value
  }

  func populationStatistics() -> NormalizationStatistics {
    NormalizationStatistics(mean: [], variance: [])
  }

  func predictions(
    for samples: Samples, statistics: NormalizationStatistics
  ) -> Predictions {
    Predictions(logits: [], classes: architecture.classes)
  }
}
