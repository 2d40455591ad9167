import BackendConformance
import RSONetworks
import RSONumerics
import RSORanks
import Testing

@Suite("Ranks")
struct RanksTests {
  /// The results of a search through a network, as one rank gets them.
  private struct Trace: Sendable, Equatable {
    var losses: [Double] = []
    var networkLosses: [Double] = []
    var statistics = NormalizationStatistics(mean: [], variance: [])
    var logits: [Float] = []
  }

  private static func trace(
    _ name: String, task: LearningTask = .classification, cyclic: Bool = true, threads: Int = 1,
    path: NumericPath = .f32, kernels: [Kernels] = Kernels.available,
    objective: Objective? = nil, _ ranks: any Ranks
  ) throws -> Trace {
    let trial = try Trial(network: name, task: task, cyclic: cyclic)
    let evaluator = try CPUBackend(kernels: kernels).makeEvaluator(
      EvaluatorRequest(
        architecture: trial.architecture, samples: trial.samples, parameters: trial.parameters,
        path: path, threads: threads, ranks: ranks))
    if let objective { evaluator.objective = objective }
    var trace = Trace()
    trial.run([evaluator]) { losses, _ in trace.losses += losses[0].all }
    trace.networkLosses = evaluator.losses(
      ofNetworks: [evaluator.parameters, trial.parameters], on: trial.batch(0))
    trace.statistics = evaluator.trainingSetStatistics()
    trace.logits =
      evaluator.predictions(for: trial.samples, statistics: trace.statistics).logits
    return trace
  }

  /// Minibatches have two chunks: of three and four ranks, some have none.
  @Test(
    "any number of ranks gives the bits of one process", arguments: NetworkTable.names, [2, 3, 4])
  func sameBits(name: String, count: Int) throws {
    let alone = try Self.trace(name, SoleRank())
    let traces = try InProcessRanks.results(ofGroup: count) { ranks in
      Result { try Self.trace(name, threads: 1 + ranks.rank % 2, ranks) }
    }
    for trace in traces { #expect(try trace.get() == alone) }
    #expect(Set(alone.losses).count > 1)
  }

  @Test(
    "of every task, with minibatches of a rotation and of a single step",
    arguments: LearningTask.allCases, [true, false])
  func tasks(task: LearningTask, cyclic: Bool) throws {
    let alone = try Self.trace("residual", task: task, cyclic: cyclic, SoleRank())
    let traces = try InProcessRanks.results(ofGroup: 2) { ranks in
      Result { try Self.trace("residual", task: task, cyclic: cyclic, ranks) }
    }
    for trace in traces { #expect(try trace.get() == alone) }
  }

  @Test(
    "of objectives that need all outputs of a minibatch, a tie-break, or weights of classes",
    arguments: [
      Objective(.macroF1), Objective(.rocAUC, tieBreak: .crossEntropy),
      Objective(.crossEntropy, classWeights: (0..<10).map { Float($0) }),
    ])
  func objectives(objective: Objective) throws {
    let alone = try Self.trace("mlp", objective: objective, SoleRank())
    let traces = try InProcessRanks.results(ofGroup: 3) { ranks in
      Result { try Self.trace("mlp", objective: objective, ranks) }
    }
    for trace in traces { #expect(try trace.get() == alone) }
    #expect(Set(alone.losses).count > 1)
  }

  @Test("on machines with other instruction sets", arguments: ["residual", "kernel-sizes"])
  func mixedKernels(name: String) throws {
    let all = Kernels.available
    let alone = try Self.trace(name, SoleRank())
    let traces = try InProcessRanks.results(ofGroup: 3) { ranks in
      Result {
        try Self.trace(name, kernels: [all[min(ranks.rank * 2, all.count - 1)]], ranks)
      }
    }
    for trace in traces { #expect(try trace.get() == alone) }
  }

  @Test("on every numeric path that this machine has", arguments: CPUBackend().offeredPaths)
  func paths(path: NumericPath) throws {
    let alone = try Self.trace("kernel-sizes", path: path, SoleRank())
    let traces = try InProcessRanks.results(ofGroup: 2) { ranks in
      Result { try Self.trace("kernel-sizes", path: path, ranks) }
    }
    for trace in traces { #expect(try trace.get() == alone) }
  }

  @Test("the memory for activations is divided by the ranks")
  func memory() throws {
    let peaks = try [1, 2, 4].map { count in
      try CPUBackend().memory(
        for: Workload(
          architecture: .preset(named: "mnist-6conv"), trainingSamples: 61_440, otherSamples: 0,
          threads: 1, ranks: InProcessRanks.group(of: count)[0]
        ) { _ in .init(batchSize: 1024, slots: 12) }
      ).activations
    }
    for (divisor, peak) in [(2, peaks[1]), (4, peaks[2])] {
      #expect(abs(divisor * peak - peaks[0]) <= peaks[0] / 50, "\(peaks)")
    }
  }
}
