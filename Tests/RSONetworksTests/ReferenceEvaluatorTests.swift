import BackendConformance
import RSONetworks
import RSONumerics
import Testing

/// Both sides compute in double from the same single-precision parameters, so that only the order of
/// sums differs: some thousand terms of size 1, each rounded to 1e-16, with room for what batch norm
/// magnifies. Where the answer is returned in single precision, its rounding is 6e-8.
private let doubleTolerance = 1e-9
private let singleTolerance = 1e-6

@Suite("ReferenceEvaluator")
struct ReferenceEvaluatorTests {
  @Test("logits and loss of a minibatch are PyTorch's", arguments: NetworkTable.names)
  func minibatch(name: String) throws {
    let network = try NetworkTable.network(named: name)
    let evaluator = try network.reference()
    let logits = evaluator.logits(on: network.minibatch)
    #expect(distance(logits, network.minibatchLogits) < doubleTolerance)
    #expect(abs(evaluator.loss(on: network.minibatch) - network.minibatchLoss) < doubleTolerance)
    for (loss, expected) in network.otherLosses {
      evaluator.loss = loss
      #expect(abs(evaluator.loss(on: network.minibatch) - expected) < doubleTolerance, "\(loss)")
    }
  }

  /// The losses whose values the table has from PyTorch. `LossParametersTests` has those of the others.
  private static let ofPyTorch: [Loss] = [
    .crossEntropy, .squared, .zeroOne, .hinge, .binaryCrossEntropy, .absolute, .huber,
  ]

  @Test("some networks tell all of PyTorch's losses apart")
  func otherLosses() throws {
    let networks = try NetworkTable.names.map(NetworkTable.network)
      .filter { !$0.otherLosses.isEmpty }
    #expect(networks.count >= 3)
    for network in networks {
      let losses = Array(network.otherLosses.values) + [network.minibatchLoss]
      let count = Self.ofPyTorch.count { $0.suits(.classification) }
      #expect(losses.count == count && Set(losses).count == count)
    }
  }

  @Test("losses of labels and of numbers are PyTorch's")
  func targetLosses() throws {
    let networks = try NetworkTable.names.map(NetworkTable.network)
      .filter { !$0.targetLosses.isEmpty }
    #expect(networks.count >= 3)
    for network in networks {
      #expect(
        Set(network.targetLosses.map(\.task)) == [.multiLabel, .regression])
      for objective in network.targetLosses {
        let evaluator = try ReferenceEvaluator(
          architecture: network.architecture, samples: network.samples(for: objective.task),
          parameters: network.parameters)
        #expect(evaluator.loss == .standard(for: objective.task))
        evaluator.loss = objective.loss
        #expect(
          abs(evaluator.loss(on: network.minibatch) - objective.value) < doubleTolerance,
          "\(objective.loss) of \(network.architecture.name)")
      }
      for task in [LearningTask.multiLabel, .regression] {
        #expect(
          Set(network.targetLosses.filter { $0.task == task }.map(\.loss))
            == Set(Self.ofPyTorch.filter { $0.suits(task) }))
      }
    }
  }

  @Test(
    "the losses of candidates for an element of every tensor are PyTorch's",
    arguments: NetworkTable.names)
  func candidates(name: String) throws {
    let network = try NetworkTable.network(named: name)
    let evaluator = try network.reference()
    for probe in network.probes {
      let losses = evaluator.losses(of: probe.candidates, on: network.minibatch)
      #expect(
        distance([losses.current, losses.plus, losses.minus], probe.losses) < doubleTolerance,
        "\(network.graph.layout.layers[probe.candidates.address.layer].name)")
    }
    #expect(evaluator.parameters == network.parameters)
  }

  @Test("statistics over all samples are PyTorch's", arguments: NetworkTable.names)
  func trainingSetStatistics(name: String) throws {
    let network = try NetworkTable.network(named: name)
    let statistics = try network.reference().trainingSetStatistics()
    for layer in network.graph.layout.layers.indices {
      let (mean, variance) = (network.statistics.mean[layer], network.statistics.variance[layer])
      #expect(relativeDistance(statistics.mean[layer], mean) < singleTolerance)
      #expect(relativeDistance(statistics.variance[layer], variance) < singleTolerance)
    }
  }

  @Test("logits with fixed statistics are PyTorch's", arguments: NetworkTable.names)
  func predictions(name: String) throws {
    let network = try NetworkTable.network(named: name)
    let predictions = try network.reference().predictions(
      for: network.samples, statistics: network.statistics)
    #expect(predictions.classes == network.architecture.classes)
    #expect(
      relativeDistance(predictions.logits, network.fixedLogits.map(Float.init)) < singleTolerance)
  }

  @Test("a committed value is what later losses see")
  func commit() throws {
    let network = try NetworkTable.network(named: "residual")
    let evaluator = try network.reference()
    let probe = try #require(network.probes.first)
    evaluator.commit(
      Perturbation(address: probe.candidates.address, value: probe.candidates.plus))
    #expect(abs(evaluator.loss(on: network.minibatch) - probe.losses[1]) < doubleTolerance)
    let offset = network.graph.layout.offset(of: probe.candidates.address)
    #expect(evaluator.parameters[offset] == probe.candidates.plus)
  }

  @Test("samples and parameters of another network are refused")
  func mismatch() throws {
    let network = try NetworkTable.network(named: "mlp")
    #expect {
      try ReferenceEvaluator(
        architecture: network.architecture, samples: network.samples, parameters: [1, 2])
    } throws: {
      "\($0)" == "network 'mlp' has 2162 parameters, but 2 values were given"
    }
    let other = try NetworkTable.network(named: "residual").samples
    #expect {
      try ReferenceEvaluator(
        architecture: network.architecture, samples: other, parameters: network.parameters)
    } throws: {
      "\($0)" == """
        network 'mlp' takes samples of 1 x 8 x 8 in 10 classes, but the data has 3 x 12 x 10 in 5
        """
    }
  }
}

extension NetworkFixture {
  func reference() throws -> ReferenceEvaluator {
    try ReferenceEvaluator(architecture: architecture, samples: samples, parameters: parameters)
  }
}

/// The largest difference; infinite where the counts differ or a number is missing.
private func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
}

/// The largest difference, as a part of the larger of the number and 1.
private func relativeDistance(_ a: [Float], _ b: [Float]) -> Double {
  let scaled = zip(a, b).map { x, y in
    (Double(x) / Double(max(abs(y), 1)), Double(y) / Double(max(abs(y), 1)))
  }
  guard a.count == b.count else { return .infinity }
  return distance(scaled.map(\.0), scaled.map(\.1))
}
