import RSONetworks
import RSORuns

/// Which evaluator the verbs use: the one place that says so.
enum Evaluators {
  static func factory(threads: Int) -> EvaluatorFactory {
    { architecture, samples, parameters in
      try IncrementalEvaluator(
        architecture: architecture, samples: samples, parameters: parameters, threads: threads)
    }
  }

  static var environment: RunEnvironment {
    RunEnvironment(version: Version.current, instructionSet: Kernels.best.name)
  }
}
