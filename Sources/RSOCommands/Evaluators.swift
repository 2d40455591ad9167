import RSONetworks
import RSORuns

/// The evaluators of the verbs, and what a checkpoint says of them.
package enum Evaluators {
  /// Makes evaluators on whatever path a plan names, with a warning where one has fewer threads.
  ///
  /// - Parameter passTimes: Where the times of all passes are noted.
  package static func factory(
    threads: Int, passTimes: PassTimes? = nil
  ) -> EvaluatorFactory {
    Backends.standard.factory(threads: threads, passTimes: passTimes) { shortage in
      StandardStreams.say("rso: warning: \(shortage)")
    }
  }

  /// *Throws:* `NumericPathError` if this machine does not compute on `numericPath`.
  static func environment(numericPath: String) throws -> RunEnvironment {
    environment(preferring: try Backends.standard.path(named: numericPath).name)
  }

  /// The environment of `numericPath`, or of the default path where this machine does not compute on it.
  static func environment(preferring numericPath: String) -> RunEnvironment {
    let path = (try? Backends.standard.path(named: numericPath)) ?? .f32
    return RunEnvironment(
      version: Version.current,
      instructionSet: (try? Backends.standard.backend(for: path).device(for: path)) ?? "unknown",
      numericPaths: Backends.standard.offeredPaths.map(\.name))
  }
}
