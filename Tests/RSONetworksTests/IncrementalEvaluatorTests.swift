import BackendConformance
import RSONetworks
import RSONumerics
import Testing

/// What only the incremental evaluator has: instruction sets, caches. `ConformanceTests` compares it
/// with the reference.
@Suite("IncrementalEvaluator")
struct IncrementalEvaluatorTests {
  @Test("any instruction set gives the same bits", arguments: NetworkTable.names)
  func sameBits(name: String) throws {
    let trial = try Trial(network: name)
    let evaluators = try Kernels.available.enumerated().map {
      try trial.incremental(threads: 1 + $0 % 2, kernels: $1)
    }
    trial.run(evaluators) { losses, address in
      #expect(losses.allSatisfy { $0 == losses[0] }, "\(address)")
    }
    let statistics = evaluators.map { $0.trainingSetStatistics() }
    #expect(statistics.allSatisfy { $0 == statistics[0] })
    let logits = evaluators.map {
      $0.predictions(for: trial.samples, statistics: statistics[0]).logits
    }
    #expect(logits.allSatisfy { $0 == logits[0] })
  }

  @Test(
    "any instruction set gives the same bits of every loss",
    arguments: ["flat-convolution", "mlp-signs"],
    LearningTask.allCases.flatMap { task in Loss.all(for: task).map { (task, $0) } })
  func losses(name: String, objective: (task: LearningTask, loss: Loss)) throws {
    let trial = try Trial(network: name, task: objective.task)
    let evaluators = try Kernels.available.map { try trial.incremental(kernels: $0) }
    for evaluator in evaluators { evaluator.objective = Trial.objective(objective.loss) }
    var seen: Set<Double> = []
    trial.run(evaluators) { losses, address in
      #expect(losses.allSatisfy { $0 == losses[0] }, "\(address)")
      seen.formUnion(losses[0].all)
    }
    #expect(seen.count > 1)
  }

  @Test(
    "the limit on kept minibatches changes no bit",
    arguments: NetworkTable.names.map { ($0, true) }
      + NetworkTable.small.sorted().map { ($0, false) })
  func cacheLimits(name: String, cyclic: Bool) throws {
    let trial = try Trial(network: name, cyclic: cyclic)
    // Nothing that can be computed again, some of it, all of it.
    let evaluators = try [0, 100_000, LayerCacheSizes.limit].map {
      try trial.incremental(threads: 2, cacheLimit: $0)
    }
    trial.run(evaluators) { losses, address in
      #expect(losses.allSatisfy { $0 == losses[0] }, "\(address)")
    }
  }

  @Test("statistics follow the parameters, whatever was settled before")
  func statisticsFollowCommits() throws {
    let trial = try Trial(network: "residual")
    let evaluator = try trial.incremental()
    _ = evaluator.trainingSetStatistics()
    trial.run([evaluator]) { _, _ in }
    let fresh = try trial.incremental(parameters: evaluator.parameters)
    #expect(evaluator.trainingSetStatistics() == fresh.trainingSetStatistics())
  }

  @Test(
    "a NaN or infinite weight makes its loss NaN, and no other",
    arguments: LearningTask.allCases.flatMap { task in Loss.all(for: task).map { (task, $0) } })
  func nonFinite(task: LearningTask, loss: Loss) throws {
    let trial = try Trial(network: "kernel-sizes", task: task)
    let evaluator = try trial.incremental()
    evaluator.loss = loss
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

extension Trial {
  fileprivate func incremental(
    threads: Int = 1, kernels: Kernels = .best, parameters: [Float]? = nil,
    cacheLimit: Int = LayerCacheSizes.limit
  ) throws -> IncrementalEvaluator {
    try IncrementalEvaluator(
      architecture: architecture, samples: samples, parameters: parameters ?? self.parameters,
      threads: threads, kernels: kernels, cacheLimit: cacheLimit)
  }
}
