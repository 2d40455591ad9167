import RSONetworks
import RSORuns

/// Which evaluator the verbs use: the one place that says so.
enum Evaluators {
  /// Instruction set of its kernels.
  static let instructionSet = "generic"

  static func factory(threads: Int) -> EvaluatorFactory {
    { architecture, samples, parameters in
      try ReferenceEvaluator(architecture: architecture, samples: samples, parameters: parameters)
    }
  }

  static var environment: RunEnvironment {
    RunEnvironment(version: Version.current, instructionSet: instructionSet)
  }
}
