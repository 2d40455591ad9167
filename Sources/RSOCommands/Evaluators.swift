import RSONetworks
import RSORanks
import RSORuns

/// Makes the evaluators of all verbs, and the environment that checkpoints record.
package enum Evaluators {
  /// Returns a factory that makes an evaluator for the numeric path of any plan. It prints a
  /// warning if an evaluator gets fewer threads.
  ///
  /// - Parameters:
  ///   - device: What computes.
  ///   - passTimes: Collects the times of all passes, in seconds.
  ///   - ranks: The processes that share the samples of every minibatch.
  package static func factory(
    threads: Int, on device: ChosenDevice = .processor, passTimes: PassTimes? = nil,
    ranks: any Ranks = SoleRank()
  ) -> EvaluatorFactory {
    device.backends.factory(threads: threads, passTimes: passTimes, ranks: ranks) { shortage in
      StandardStreams.say("rso: warning: \(shortage)")
    }
  }

  /// *Throws:* `NumericPathError` if this machine does not compute on `numericPath`.
  static func environment(
    numericPath: String, on device: ChosenDevice = .processor
  ) throws -> RunEnvironment {
    environment(preferring: try device.backends.path(named: numericPath).name, on: device)
  }

  /// The environment of `numericPath`, or of the default path if this machine lacks it.
  static func environment(
    preferring numericPath: String, on device: ChosenDevice = .processor
  ) -> RunEnvironment {
    let backends = device.backends
    let path = (try? backends.path(named: numericPath)) ?? .f32
    return RunEnvironment(
      version: Version.current, equalBits: Version.equalBits,
      instructionSet: (try? backends.backend(for: path).device(for: path)) ?? "unknown",
      numericPaths: backends.offeredPaths.map(\.name))
  }
}
