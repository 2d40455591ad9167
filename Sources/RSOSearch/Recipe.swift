import RSONetworks

/// A network, and options with which it is trained soonest, by a name.
///
/// Not in the paper. What was compared, on what machine, is in `docs/results/mnist-fast-trials.md`.
package struct Recipe: Sendable, Hashable {
  package let name: String
  /// Name of a preset of `Architecture`.
  package let network: String
  package let options: SearchOptions

  package static let all = [mnistFast]

  /// Nil where there is none of that name.
  package static func named(_ name: String) -> Recipe? { all.first { $0.name == name } }

  /// Many samples where a step is cheap, few at first where it is not; forward, so that the cheap
  /// layers settle last.
  private static let mnistFast: Recipe = {
    var options = SearchOptions()
    options.cycles = 11
    options.batchSize = BatchSchedule(
      [.init(size: 125, cycles: 2), .init(size: 250, cycles: 2), .init(size: 500, cycles: 2)],
      then: 1000)
    options.batchFactors = BatchFactors([
      "conv1": 2, "conv3": 2, "conv4": 3, "conv5": 8, "conv6": 40, "fc": 40,
    ])
    options.phaseSamples = 20_000
    options.hold = 16
    options.layers = .forward
    options.selection = .first
    options.sigmaScale = 1.5
    options.annealTo = 0.03
    return Recipe(name: "mnist-fast", network: "mnist-6conv-average", options: options)
  }()
}
