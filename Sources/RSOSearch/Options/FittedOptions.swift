import RSONetworks

/// The options for a network and data that no recipe knows, chosen from the numbers of training samples and
/// parameters.
///
/// Not in the paper, whose plan takes hours and overfits small data. `docs/results/scikit-learn.md` has the
/// measurements.
package struct FittedOptions: Sendable, Hashable {
  /// The number of training samples.
  package let samples: Int
  /// The number of parameters of the network.
  package let parameters: Int
  private let factors: BatchFactors

  package init(samples: Int, graph: StageGraph) {
    self.samples = samples
    parameters = graph.layout.parameterCount
    factors = Self.factors(graph)
  }

  /// Returns `options` with the chosen values.
  package func applied(to options: SearchOptions) -> SearchOptions {
    var options = options
    options.hold = 16
    options.selection = .first
    options.layers = .forward
    options.deviationScale = 1.5
    guard samples > Self.mostInOneBatch else {
      options.batchSize = BatchSchedule(samples)
      options.cycles = smallDataCycles
      return options
    }
    options.cycles = 12
    options.batchSize = BatchSchedule(
      [125, 250, 500].map { .init(size: $0, cycles: 2) }, then: 1000)
    options.batchFactors = factors
    options.annealTo = 0.05
    if samples > Self.mostInPhase { options.phaseSamples = Self.mostInPhase }
    return options
  }

  /// `from 112 training samples and 147 parameters`.
  package var reason: String { "from \(samples) training samples and \(parameters) parameters" }

  /// The names of the options that `options` has as they are chosen, and that differ from the paper's.
  package func names(in options: SearchOptions) -> Set<String> {
    let defaults = SearchOptions()
    let chosen = applied(to: defaults)
    return Set(
      SearchOption.all.filter {
        let text = $0.text(in: chosen)
        return text != $0.text(in: defaults) && text == $0.text(in: options)
      }.map(\.name))
  }

  /// Up to so many samples, each change is judged on all of them.
  private static let mostInOneBatch = 2000

  /// Minibatches are cut from so many samples, which are drawn again for each layer and cycle.
  private static let mostInPhase = 10_000

  /// A cycle changes each weight once, so a small network needs more cycles. A large one soon overfits small
  /// data.
  private var smallDataCycles: Int { min(15, max(4, 1500 / max(1, parameters), samples / 100)) }

  /// Larger minibatches where steps are cheap: the root of the ratio of the costs, rounded up to a power of
  /// two, at most 32.
  private static func factors(_ graph: StageGraph) -> BatchFactors {
    let costs = LayerCosts.perStep(graph)
    let largest = costs.max() ?? 1
    var factors: [String: Int] = [:]
    for (layer, cost) in zip(graph.layout.layers, costs) {
      let ratio = (largest / cost).squareRoot()
      let factor = [1, 2, 4, 8, 16].first { Double($0) >= ratio } ?? 32
      if factor > 1 { factors[layer.name] = factor }
    }
    return BatchFactors(factors)
  }
}
