import RSONetworks
import RSONumerics

/// A small search through a network: some neurons of every layer, on minibatches that come again.
package struct Trial {
  /// Some of the parameters of one output.
  package struct Unit {
    package var output: Int
    package var addresses: [WeightAddress]
  }

  package let architecture: Architecture
  package let layout: ParameterLayout
  package let samples: Samples
  package let parameters: [Float]
  package let batches: [[Int32]]
  /// True if minibatches have slots; otherwise each is drawn for one step.
  package let cyclic: Bool
  /// A network of the paper's size, of which less is tried.
  package let isLarge: Bool

  /// A network of many layers or many pixels, whose every third layer is tried, in one of the two kinds of
  /// minibatches: the reference takes a minute for all of them.
  private let isSlow: Bool

  /// True if an activation is not continuous, so that a rounding may become a jump.
  package var hasJumps: Bool {
    architecture.layers.contains { $0 == .activation(.sign) || $0 == .activation(.step) }
  }

  package init(
    network name: String, task: LearningTask = .classification, cyclic: Bool = true
  ) throws {
    architecture = try NetworkTable.network(named: name).architecture
    let graph = try StageGraph(architecture)
    layout = graph.layout
    isSlow = LayerCosts.pass(graph) * Double(layout.layers.count) > 1e8
    self.cyclic = cyclic
    // Two chunks, the second of which ends inside a block; less where the reference and the generic
    // kernels have to follow a large network.
    isLarge = layout.parameterCount > 5000
    let batchSize = isSlow ? 3 : isLarge ? 5 : 45
    var random = RandomKey(seed: 7, purpose: .minibatch).stream(1)
    let count = 2 * batchSize + 5
    let shape = architecture.input
    let classes = architecture.classes
    let bytes = (0..<(count * shape.count)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let numbers = count * classes
    let targets: Targets =
      switch task {
      case .classification:
        .classes((0..<count).map { _ in UInt16(random.next(below: classes)) })
      case .multiLabel:
        .labels((0..<numbers).map { _ in UInt8(random.next(below: 2)) }, count: classes)
      case .regression:
        .numbers((0..<numbers).map { _ in Float(1.5 * random.nextNormal()) }, count: classes)
      }
    samples = Samples(
      shape: shape, outputs: classes,
      inputs: .bytes(
        bytes, values: (0..<(256 * shape.channels)).map { Float($0 % 256) / 64 - 2 }),
      targets: targets)
    // Batch norms and biases away from their first values, so that all of them matter.
    var parameters = Initializer.parameters(layout: layout, seed: 3)
    for tensor in layout.layers.flatMap(\.tensors) where tensor.kind != .weight {
      for offset in tensor.range { parameters[offset] += Float(0.2 * random.nextNormal()) }
    }
    self.parameters = parameters
    let shuffled = random.sample(count: count, from: count)
    batches = (0..<2).map { Array(shuffled[($0 * batchSize)..<(($0 + 1) * batchSize)]) }
  }

  /// The layers that are tried, the last one first.
  package var layers: [Int] {
    layout.layers.indices.reversed().filter { !isSlow || $0 % 6 == (cyclic ? 0 : 3) }
  }

  package var slots: Int { cyclic ? batches.count : 0 }

  /// The objective of a loss alone. Among the five largest of ten or fewer logits, the class nearly always is.
  package static func objective(_ loss: Loss) -> Objective {
    var objective = Objective(loss)
    objective.parameters.topK = 2
    return objective
  }

  package func reference() throws -> ReferenceEvaluator {
    try ReferenceEvaluator(architecture: architecture, samples: samples, parameters: parameters)
  }

  package func evaluator(
    of backend: any Backend, path: NumericPath, threads: Int = 1, parameters: [Float]? = nil
  ) throws -> any Evaluator {
    try backend.makeEvaluator(
      EvaluatorRequest(
        architecture: architecture, samples: samples, parameters: parameters ?? self.parameters,
        path: path, threads: threads))
  }

  package func batch(_ step: Int) -> Minibatch {
    let slot = step % batches.count
    return Minibatch(samples: batches[slot], slot: cyclic ? slot : nil)
  }

  /// The first two neurons of a layer, which are neighbours, and the last. Each has up to five parameters
  /// of each kind, of a network that is not small three, the first and the last included. For a large
  /// network: the last neuron with the first and the last parameter of each kind.
  package func units(of layer: Int) -> [Unit] {
    let spec = layout.layers[layer]
    return spec.tensors.flatMap { tensor in
      Set(isLarge ? [spec.outputs - 1] : [0, min(1, spec.outputs - 1), spec.outputs - 1])
        .sorted().map { output in
          let count = tensor.count / spec.outputs
          let steps = isLarge ? 1 : layout.parameterCount > 1000 ? 2 : 4
          let indices = Set((0...steps).map { $0 * max(0, count - 1) / steps }).sorted()
          return Unit(
            output: output,
            addresses: indices.map {
              WeightAddress(layer: layer, kind: tensor.kind, output: output, index: $0)
            })
        }
    }
  }

  package func candidates(
    _ address: WeightAddress, from evaluator: any Evaluator, step: Int
  ) -> Candidates {
    let value = evaluator.parameters[layout.offset(of: address)]
    let delta = 0.1 + 0.05 * Float(step)
    let decayed = value * (1 - 1e-4)
    return Candidates(
      address: address, current: decayed, plus: decayed + delta, minus: decayed - delta)
  }

  /// Searches with all evaluators side by side. Each commits the candidate that is best by the
  /// first.
  package func run(
    _ evaluators: [any Evaluator], _ check: ([CandidateLosses], WeightAddress) -> Void
  ) {
    for layer in layers {
      for evaluator in evaluators { evaluator.beginLayer(layer, slots: slots) }
      for unit in units(of: layer) {
        for evaluator in evaluators { evaluator.beginNeuron(output: unit.output) }
        for (step, address) in unit.addresses.enumerated() {
          let candidates = candidates(address, from: evaluators[0], step: step)
          let losses = evaluators.map { $0.losses(of: candidates, on: batch(step / 2)) }
          check(losses, address)
          let best = losses[0]
          let value =
            best.plus < best.current && best.plus <= best.minus
            ? candidates.plus : best.minus < best.current ? candidates.minus : candidates.current
          for evaluator in evaluators {
            evaluator.commit(Perturbation(address: address, value: value))
          }
        }
      }
    }
  }
}

extension CandidateLosses {
  package var all: [Double] { [current, plus, minus] }
}
