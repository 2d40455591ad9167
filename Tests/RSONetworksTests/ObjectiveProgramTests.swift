import BackendConformance
import RSONetworks
import RSORanks
import TestSupport
import Testing

@Suite("objectives of programs")
struct ObjectiveProgramTests {
  /// The losses of a few steps of one network, and of networks as a whole.
  private static func losses(
    _ trial: Trial, _ evaluator: any Evaluator, _ objective: Objective
  ) -> [Double] {
    evaluator.objective = objective
    let batch = Minibatch(samples: Array(3..<43), slot: 1)
    evaluator.beginLayer(0, slots: 2)
    evaluator.beginNeuron(output: 1)
    let address = WeightAddress(layer: 0, kind: .weight, output: 1)
    let value = evaluator.parameters[evaluator.layout.offset(of: address)]
    return evaluator.losses(of: address, values: [value, value + 0.3, value - 0.3], on: batch)
      + evaluator.losses(ofNetworks: [evaluator.parameters], on: batch)
  }

  @Test(
    "a program gets the outputs and targets from which rso computes its own loss, in every evaluator",
    arguments: [1, 2, 3])
  func sameNumbers(threads: Int) throws {
    let trial = try Trial(network: "mlp")
    let outputs = trial.architecture.classes
    for evaluator: any Evaluator in [
      try trial.reference(), try trial.evaluator(of: CPUBackend(), path: .f32, threads: threads),
    ] {
      for (loss, tieBreak) in [(Loss.rocAUC, nil), (.macroF1, Loss.crossEntropy)] {
        var objective = Objective(.program, tieBreak: tieBreak)
        objective.program = ComputedObjective(loss, outputs: outputs)
        let own = Self.losses(trial, evaluator, Objective(loss, tieBreak: tieBreak))
        #expect(Self.losses(trial, evaluator, objective) == own)
        #expect(own.allSatisfy { $0 > 0 })
      }
    }
  }

  @Test("samples come in the minibatch's order, with its place in the rotation")
  func order() throws {
    let trial = try Trial(network: "mlp")
    let evaluator = try trial.evaluator(of: CPUBackend(), path: .f32, threads: 2)
    var objective = Objective(.program)
    objective.program = ComputedObjective { rows, samples in
      guard samples.purpose == .minibatch(slot: 1), samples.indices == Array(3..<43),
        rows.count == 40 * 10, samples.targets == trial.samples.targets
      else { return -1 }
      return Double(rows[0])
    }
    let losses = Self.losses(trial, evaluator, objective)
    #expect(losses.allSatisfy { $0 != -1 } && abs(losses[0] - losses[3]) < 1e-4)
  }

  @Test("without a program there is no number")
  func missing() throws {
    let trial = try Trial(network: "mlp")
    for evaluator: any Evaluator in [
      try trial.reference(), try trial.evaluator(of: CPUBackend(), path: .f32),
    ] {
      #expect(Self.losses(trial, evaluator, Objective(.program)).allSatisfy { $0.isNaN })
    }
  }

  @Test("the outputs that a loss of whole minibatches gathers are part of the memory")
  func memory() throws {
    func activations(_ gathers: Bool) throws -> Int {
      try CPUBackend().memory(
        for: Workload(
          architecture: .preset(named: "mnist-6conv"), trainingSamples: 1000, otherSamples: 0,
          gathersOutputs: gathers, threads: 1
        ) { $0 == "fc" ? .init(batchSize: 640, slots: 1) : .init(batchSize: 64, slots: 4) }
      ).activations
    }
    #expect(try activations(true) - activations(false) == 3 * 640 * 10 * 4)
  }
}
