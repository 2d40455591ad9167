import RSONetworks
import RSORuns

/// Which evaluator the verbs use: the one place that says so.
package enum Evaluators {
  /// - Parameter passTimes: Where the times of all passes are noted.
  package static func factory(
    threads: Int, passTimes: PassTimes? = nil
  ) -> EvaluatorFactory {
    { architecture, samples, parameters, numericPath in
      let evaluator = try IncrementalEvaluator(
        architecture: architecture, samples: samples, parameters: parameters, threads: threads,
        numericPath: numericPath)
      evaluator.passTimes = passTimes
      return evaluator
    }
  }

  /// *Throws:* `NumericPathError` if this processor does not compute on `numericPath`.
  static func environment(numericPath: String) throws -> RunEnvironment {
    environment(try NumericPath(named: numericPath))
  }

  /// On the usual numeric path where this processor does not compute on that one.
  static func environment(preferring numericPath: String) -> RunEnvironment {
    environment((try? NumericPath(named: numericPath)) ?? .f32)
  }

  private static func environment(_ path: NumericPath) -> RunEnvironment {
    let offered = Set(Kernels.available.flatMap(\.numericPaths))
    return RunEnvironment(
      version: Version.current, instructionSet: (Kernels.best(for: path) ?? .best).name,
      numericPaths: NumericPath.allCases.filter(offered.contains).map(\.rawValue))
  }
}
