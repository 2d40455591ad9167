import BackendConformance
import RSONetworks

extension Trial {
  /// Returns the loss of the unchanged network on each instruction set, as the loss of a step and as that of a
  /// whole network.
  func lossesOnEveryInstructionSet(
    of objective: Objective, on minibatch: Minibatch
  ) throws -> [[Double]] {
    let address = WeightAddress(layer: 0, kind: .weight, output: 0)
    return try Kernels.available.map { kernels in
      let evaluator = try evaluator(of: CPUBackend(kernels: [kernels]), path: .f32)
      evaluator.objective = objective
      evaluator.beginLayer(0, slots: 0)
      evaluator.beginNeuron(output: 0)
      let value = evaluator.parameters[evaluator.layout.offset(of: address)]
      return evaluator.losses(of: address, values: [value], on: minibatch)
        + evaluator.losses(ofNetworks: [evaluator.parameters], on: minibatch)
    }
  }
}
