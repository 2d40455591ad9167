import RSONetworks

/// A network, and options with which it is trained soonest, by a name.
///
/// Not in the paper. What was compared, on what machine, is in `docs/results/mnist-fast-trials.md`.
package struct Recipe: Sendable, Hashable {
  package let name: String
  /// Name of a preset of `Architecture`.
  package let network: String
  package let options: SearchOptions

  package static let all = [mnistFast, mnist99]

  /// Nil where there is none of that name.
  package static func named(_ name: String) -> Recipe? { all.first { $0.name == name } }

  /// To 98 % on MNIST.
  private static let mnistFast: Recipe = {
    var options = common
    options.cycles = 11
    options.batchSize = BatchSchedule(beginning, then: 1000)
    options.phaseSamples = 20_000
    options.annealTo = 0.03
    return Recipe(name: "mnist-fast", network: "mnist-6conv-average", options: options)
  }()

  /// To 99 %. What keeps the other from it is what it learns by heart; so the images move. Then it is
  /// its minibatches' own error, and so these grow on.
  private static let mnist99: Recipe = {
    var options = common
    options.cycles = 36
    options.batchSize = BatchSchedule(beginning + [.init(size: 1000, cycles: 14)], then: 2000)
    options.augment = Augmentation(shift: 1)
    options.annealTo = 0.05
    return Recipe(name: "mnist-99", network: "mnist-6conv", options: options)
  }()

  /// Many samples where a step is cheap, few at first where it is not; forward, so that the cheap
  /// layers settle last.
  private static let common: SearchOptions = {
    var options = SearchOptions()
    options.batchFactors = BatchFactors([
      "conv1": 2, "conv3": 2, "conv4": 3, "conv5": 8, "conv6": 40, "fc": 40,
    ])
    options.hold = 16
    options.layers = .forward
    options.selection = .first
    options.deviationScale = 1.5
    return options
  }()
  private static let beginning: [BatchSchedule.Phase] = [
    .init(size: 125, cycles: 2), .init(size: 250, cycles: 2), .init(size: 500, cycles: 2),
  ]
}
