import RSONetworks

/// A named network with options that train it quickly.
///
/// Not in the paper. `docs/results/mnist-fast-trials.md` lists the trials and the machine.
package struct Recipe: Sendable, Hashable {
  package let name: String
  /// Name of a preset of `Architecture`.
  package let network: String
  package let options: SearchOptions

  package static let all = [mnistFast, mnist99]

  /// Returns nil for an unknown name.
  package static func named(_ name: String) -> Recipe? { all.first { $0.name == name } }

  /// 98 % test accuracy on MNIST.
  private static let mnistFast: Recipe = {
    var options = common
    options.cycles = 11
    options.batchSize = BatchSchedule(beginning, then: 1000)
    options.phaseSamples = 20_000
    options.annealTo = 0.03
    return Recipe(name: "mnist-fast", network: "mnist-6conv-average", options: options)
  }()

  /// 99 % test accuracy on MNIST. `mnist-fast` overfits, so images are shifted. Then the sampling
  /// error of the minibatches limits it, so they keep growing.
  private static let mnist99: Recipe = {
    var options = common
    options.cycles = 36
    options.batchSize = BatchSchedule(beginning + [.init(size: 1000, cycles: 14)], then: 2000)
    options.augment = Augmentation(shift: 1)
    options.annealTo = 0.05
    return Recipe(name: "mnist-99", network: "mnist-6conv", options: options)
  }()

  /// Many samples where a step is cheap, few at first where it is expensive. Forward, so that the cheap
  /// layers are searched last.
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
