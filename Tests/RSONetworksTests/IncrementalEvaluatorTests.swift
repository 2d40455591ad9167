import RSONetworks
import RSONumerics
import Testing

/// The incremental evaluator computes in single precision what the reference computes in double: a
/// logit is some thousand roundings of 6e-8 away, and batch norm magnifies where a channel hardly
/// varies.
private let lossTolerance = 2e-5

/// In bf16 every product of a step's pooled convolutions is rounded to 2^-8 beforehand; what that does
/// to a loss averages out over pixels and samples, of which the trial has few.
private let bf16LossTolerance = 6e-3

extension NumericPath {
  fileprivate var lossTolerance: Double {
    precision == .bf16 ? bf16LossTolerance : RSONetworksTests.lossTolerance
  }

  /// Those that this processor computes; single precision at least.
  fileprivate static var offered: [NumericPath] {
    let offered = Kernels.available.flatMap(\.numericPaths)
    return allCases.filter(offered.contains)
  }
}

@Suite("IncrementalEvaluator")
struct IncrementalEvaluatorTests {
  @Test("every step's losses are the reference's", arguments: NetworkTable.names, [true, false])
  func agreesWithReference(name: String, cyclic: Bool) throws {
    let trial = try Trial(network: name, cyclic: cyclic)
    let reference = try ReferenceEvaluator(
      architecture: trial.architecture, samples: trial.samples, parameters: trial.parameters)
    // What bf16 rounds, a sign turns into jumps.
    let paths = trial.hasJumps ? [.f32] : NumericPath.offered
    let evaluators = try paths.map { try trial.evaluator(path: $0) }
    var largest = 0.0
    trial.run(evaluators + [reference]) { losses, address in
      for (path, own) in zip(paths, losses) {
        for (own, other) in zip(own.all, losses[paths.count].all) {
          largest = max(largest, abs(own - other) / max(1, other))
          #expect(
            abs(own - other) <= path.lossTolerance * max(1, other),
            "\(path) \(trial.layout.layers[address.layer].name) \(address)")
        }
      }
    }
    #expect(largest > 0)
  }

  @Test(
    "minibatches are cut from changed images, and statistics taken of the images as they are",
    arguments: NetworkTable.names, [true, false])
  func changedImages(name: String, cyclic: Bool) throws {
    let trial = try Trial(network: name, cyclic: cyclic)
    let reference = try ReferenceEvaluator(
      architecture: trial.architecture, samples: trial.samples, parameters: trial.parameters)
    let (changed, plain) = (try trial.evaluator(), try trial.evaluator())
    let evaluators: [any Evaluator] = [changed, reference]
    for evaluator in evaluators {
      evaluator.changeImages { $0.with(pixels: $0.pixels.map { 255 - $0 }) }
    }
    var isAnother = false
    trial.run(evaluators + [plain]) { losses, address in
      for (own, other) in zip(losses[0].all, losses[1].all) {
        #expect(abs(own - other) <= lossTolerance * max(1, other), "\(address)")
      }
      if losses[0] != losses[2] { isAnother = true }
    }
    #expect(isAnother)
    for evaluator in [changed, plain] { evaluator.replaceParameters(with: trial.parameters) }
    #expect(changed.populationStatistics() == plain.populationStatistics())
  }

  @Test(
    "every loss is the reference's, on any instruction set",
    arguments: ["activations", "mlp-signs", "residual"], Loss.allCases)
  func losses(name: String, loss: Loss) throws {
    let trial = try Trial(network: name, cyclic: true)
    let reference = try ReferenceEvaluator(
      architecture: trial.architecture, samples: trial.samples, parameters: trial.parameters)
    let evaluators = try Kernels.available.map { try trial.evaluator(kernels: $0) }
    for evaluator in evaluators { evaluator.loss = loss }
    reference.loss = loss
    var seen: Set<Double> = []
    trial.run(evaluators + [reference]) { losses, address in
      #expect(losses.dropLast().allSatisfy { $0 == losses[0] }, "\(address)")
      for (own, other) in zip(losses[0].all, losses[evaluators.count].all) {
        #expect(abs(own - other) <= lossTolerance * max(1, other), "\(address)")
        seen.insert(own)
      }
    }
    #expect(seen.count > 1)
  }

  @Test(
    "any number of threads and any instruction set give the same bits",
    arguments: NetworkTable.names)
  func sameBits(name: String) throws {
    let trial = try Trial(network: name, cyclic: true)
    var evaluators = [try trial.evaluator(), try trial.evaluator(threads: 3)]
    for kernels in Kernels.available.dropFirst() {
      evaluators.append(try trial.evaluator(threads: 2, kernels: kernels))
    }
    trial.run(evaluators) { losses, address in
      #expect(losses.allSatisfy { $0 == losses[0] }, "\(address)")
    }
    for path in NumericPath.offered.dropFirst() {
      let pair = try [1, 3].map { try trial.evaluator(threads: $0, path: path) }
      trial.run(pair) { losses, address in #expect(losses[0] == losses[1], "\(path) \(address)") }
    }
    let statistics = evaluators.map { $0.populationStatistics() }
    #expect(statistics.allSatisfy { $0 == statistics[0] })
    let logits = evaluators.map {
      $0.predictions(for: trial.samples, statistics: statistics[0]).logits
    }
    #expect(logits.allSatisfy { $0 == logits[0] })
  }

  @Test(
    "at the beginning of a neuron a fresh evaluator gives the same bits",
    arguments: NetworkTable.names, NumericPath.offered)
  func freshAtNeuron(name: String, path: NumericPath) throws {
    let trial = try Trial(network: name, cyclic: true)
    let whole = try trial.evaluator(path: path)
    for layer in trial.layout.layers.indices.reversed() {
      whole.beginLayer(layer, slots: trial.batches.count)
      for (place, unit) in trial.units(of: layer).enumerated() {
        let fresh = try trial.evaluator(parameters: whole.parameters, path: path)
        fresh.beginLayer(layer, slots: trial.batches.count)
        for evaluator in [whole, fresh] { evaluator.beginNeuron(output: unit.output) }
        for (step, address) in unit.addresses.enumerated() {
          let batch = trial.batch(place + step)
          let candidates = trial.candidates(address, from: whole, step: step)
          let losses = whole.losses(of: candidates, on: batch)
          #expect(losses == fresh.losses(of: candidates, on: batch), "\(address)")
          for evaluator in [whole, fresh] {
            evaluator.commit(Perturbation(address: address, value: candidates.plus))
          }
        }
      }
    }
  }

  @Test("what is kept of minibatches changes no bit", arguments: NetworkTable.names, [true, false])
  func cacheLimits(name: String, cyclic: Bool) throws {
    let trial = try Trial(network: name, cyclic: cyclic)
    // Nothing that can be computed again, some of it, all of it.
    let evaluators = try [0, 100_000, LayerCacheSizes.limit].map {
      try trial.evaluator(threads: 2, cacheLimit: $0)
    }
    trial.run(evaluators) { losses, address in
      #expect(losses.allSatisfy { $0 == losses[0] }, "\(address)")
    }
  }

  @Test(
    "a candidate's loss does not depend on what other candidates are asked for",
    arguments: NetworkTable.names)
  func subsets(name: String) throws {
    let trial = try Trial(network: name, cyclic: true)
    let (whole, parts) = (try trial.evaluator(), try trial.evaluator())
    for layer in trial.layout.layers.indices.reversed() {
      for evaluator in [whole, parts] { evaluator.beginLayer(layer, slots: trial.batches.count) }
      for unit in trial.units(of: layer) {
        for evaluator in [whole, parts] { evaluator.beginNeuron(output: unit.output) }
        for (step, address) in unit.addresses.enumerated() {
          let all = trial.candidates(address, from: whole, step: step)
          let batch = trial.batch(step)
          let losses = whole.losses(of: all, on: batch)
          #expect(
            parts.losses(of: address, values: [all.plus, all.minus], on: batch)
              == [losses.plus, losses.minus], "\(address)")
          #expect(parts.losses(of: address, values: [all.current], on: batch) == [losses.current])
          for evaluator in [whole, parts] {
            evaluator.commit(Perturbation(address: address, value: all.minus))
          }
        }
      }
    }
  }

  @Test(
    "losses of networks that differ from a layer on are the reference's, on any number of threads",
    arguments: NetworkTable.names)
  func networks(name: String) throws {
    let trial = try Trial(network: name, cyclic: true)
    let reference = try ReferenceEvaluator(
      architecture: trial.architecture, samples: trial.samples, parameters: trial.parameters)
    let pair = [try trial.evaluator(), try trial.evaluator(threads: 3)]
    let layers =
      trial.isLarge ? [trial.layout.layers.count - 2] : Array(trial.layout.layers.indices)
    for layer in layers {
      for evaluator in [reference] + pair as [any Evaluator] {
        evaluator.beginLayer(layer, slots: trial.batches.count)
      }
      let own = reference.parameters
      let candidates = [0, 0.125, -0.25].map { (delta: Float) in
        var other = own
        for layer in trial.layout.layers[layer...] {
          for (place, offset) in layer.range.enumerated() {
            other[offset] += place % 2 == 0 ? delta : -delta
          }
        }
        return other
      }
      let expected = reference.losses(ofNetworks: candidates, on: trial.batch(0))
      let found = pair.map { $0.losses(ofNetworks: candidates, on: trial.batch(0)) }
      #expect(found[0] == found[1])
      for (own, other) in zip(found[0], expected) {
        #expect(abs(own - other) <= lossTolerance * max(1, other))
      }
      #expect(pair.allSatisfy { $0.parameters == own })
      for evaluator in [reference] + pair as [any Evaluator] {
        evaluator.replaceParameters(with: candidates[1])
      }
      // What follows begins with the new parameters, as in a fresh evaluator.
      let fresh = try trial.evaluator(parameters: candidates[1])
      fresh.beginLayer(layer, slots: trial.batches.count)
      for unit in trial.units(of: layer).prefix(1) {
        let candidates = trial.candidates(unit.addresses[0], from: fresh, step: 0)
        let losses = ([fresh] + pair).map { evaluator in
          evaluator.beginNeuron(output: unit.output)
          return evaluator.losses(of: candidates, on: trial.batch(1))
        }
        #expect(losses[1] == losses[0] && losses[2] == losses[0])
      }
    }
  }

  @Test("statistics and predictions are the reference's", arguments: NetworkTable.names)
  func predictions(name: String) throws {
    let trial = try Trial(network: name, cyclic: true)
    let reference = try ReferenceEvaluator(
      architecture: trial.architecture, samples: trial.samples, parameters: trial.parameters)
    let incremental = try trial.evaluator()
    let expected = reference.populationStatistics()
    let statistics = incremental.populationStatistics()
    for layer in trial.layout.layers.indices {
      #expect(statistics.mean[layer].count == expected.mean[layer].count)
      for (own, other) in zip(statistics.mean[layer], expected.mean[layer]) {
        #expect(abs(own - other) <= 1e-5 * max(1, abs(other)))
      }
      for (own, other) in zip(statistics.variance[layer], expected.variance[layer]) {
        #expect(abs(own - other) <= 1e-4 * max(1, other))
      }
    }
    let own = incremental.predictions(for: trial.samples, statistics: expected)
    let other = reference.predictions(for: trial.samples, statistics: expected)
    #expect(own.classes == other.classes && own.logits.count == other.logits.count)
    for (a, b) in zip(own.logits, other.logits) { #expect(abs(a - b) <= 1e-4 * max(1, abs(b))) }
  }

  @Test("statistics are those of the parameters at hand, whatever was settled before")
  func statisticsFollowCommits() throws {
    let trial = try Trial(network: "residual", cyclic: true)
    let evaluator = try trial.evaluator()
    _ = evaluator.populationStatistics()
    trial.run([evaluator]) { _, _ in }
    let fresh = try trial.evaluator(parameters: evaluator.parameters)
    #expect(evaluator.populationStatistics() == fresh.populationStatistics())
  }

  @Test("a NaN or infinite weight makes its loss NaN, and no other")
  func nonFinite() throws {
    let trial = try Trial(network: "kernel-sizes", cyclic: true)
    let evaluator = try trial.evaluator()
    evaluator.beginLayer(0, slots: 1)
    evaluator.beginNeuron(output: 0)
    let losses = evaluator.losses(
      of: Candidates(
        address: WeightAddress(layer: 0, kind: .weight, output: 0), current: 0.5, plus: .nan,
        minus: .infinity),
      on: trial.batch(0))
    #expect(losses.current.isFinite && losses.plus.isNaN && losses.minus.isNaN)
  }
}

extension CandidateLosses {
  fileprivate var all: [Double] { [current, plus, minus] }
}

/// A small search through a network: some neurons of every layer, with minibatches that come again.
private struct Trial {
  struct Unit {
    var output: Int
    var addresses: [WeightAddress]
  }

  let architecture: Architecture
  let layout: ParameterLayout
  let samples: Samples
  let parameters: [Float]
  let batches: [[Int32]]
  let cyclic: Bool
  /// Whether an activation is not continuous.
  var hasJumps: Bool {
    architecture.layers.contains { $0 == .activation(.sign) || $0 == .activation(.step) }
  }
  /// A network of the paper's size, of which less is tried.
  let isLarge: Bool

  init(network name: String, cyclic: Bool) throws {
    architecture = try NetworkTable.network(named: name).architecture
    layout = try StageGraph(architecture).layout
    self.cyclic = cyclic
    // Two chunks, the second of which ends inside a block; less where the reference and the generic
    // kernels have to follow a large network.
    isLarge = layout.parameterCount > 5000
    let batchSize = isLarge ? 5 : 45
    var random = RandomKey(seed: 7, purpose: .minibatch).stream(1)
    let count = 2 * batchSize + 5
    let shape = architecture.input
    let classes = architecture.classes
    samples = Samples(
      shape: shape, classes: classes,
      pixels: (0..<(count * shape.count)).map { _ in UInt8(truncatingIfNeeded: random.next()) },
      labels: (0..<count).map { _ in UInt8(random.next(below: classes)) },
      values: (0..<(256 * shape.channels)).map { Float($0 % 256) / 64 - 2 })
    // Batch norms and biases away from their first values, so that all of them matter.
    var parameters = Initializer.parameters(layout: layout, seed: 3)
    for tensor in layout.layers.flatMap(\.tensors) where tensor.kind != .weight {
      for offset in tensor.range { parameters[offset] += Float(0.2 * random.nextNormal()) }
    }
    self.parameters = parameters
    let shuffled = random.sample(count: count, from: count)
    batches = (0..<2).map { Array(shuffled[($0 * batchSize)..<(($0 + 1) * batchSize)]) }
  }

  func evaluator(
    threads: Int = 1, kernels: Kernels? = nil, parameters: [Float]? = nil,
    path: NumericPath = .f32, cacheLimit: Int = LayerCacheSizes.limit
  ) throws -> IncrementalEvaluator {
    try IncrementalEvaluator(
      architecture: architecture, samples: samples, parameters: parameters ?? self.parameters,
      threads: threads, kernels: kernels ?? .best(for: path) ?? .best, path: path,
      cacheLimit: cacheLimit)
  }

  func batch(_ step: Int) -> Minibatch {
    let slot = step % batches.count
    return Minibatch(samples: batches[slot], slot: cyclic ? slot : nil)
  }

  /// The first two neurons of a layer, which are neighbours, and the last, with up to seven of its
  /// parameters, first and last among them.
  func units(of layer: Int) -> [Unit] {
    let spec = layout.layers[layer]
    return spec.tensors.flatMap { tensor in
      Set(isLarge ? [spec.outputs - 1] : [0, min(1, spec.outputs - 1), spec.outputs - 1])
        .sorted().map { output in
          let count = tensor.count / spec.outputs
          let steps = isLarge ? 2 : 6
          let indices = Set((0...steps).map { $0 * max(0, count - 1) / steps }).sorted()
          return Unit(
            output: output,
            addresses: indices.map {
              WeightAddress(layer: layer, kind: tensor.kind, output: output, index: $0)
            })
        }
    }
  }

  func candidates(
    _ address: WeightAddress, from evaluator: any Evaluator, step: Int
  ) -> Candidates {
    let value = evaluator.parameters[layout.offset(of: address)]
    let delta = 0.1 + 0.05 * Float(step)
    let decayed = value * (1 - 1e-4)
    return Candidates(
      address: address, current: decayed, plus: decayed + delta, minus: decayed - delta)
  }

  /// Searches with all evaluators side by side, committing what the first finds best.
  func run(
    _ evaluators: [any Evaluator], _ check: ([CandidateLosses], WeightAddress) -> Void
  ) {
    for layer in layout.layers.indices.reversed() {
      for evaluator in evaluators {
        evaluator.beginLayer(layer, slots: cyclic ? batches.count : 0)
      }
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
