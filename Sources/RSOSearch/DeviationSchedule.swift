import RSONetworks

/// The standard deviation of the proposals, cycle by cycle.
///
/// It falls linearly from the initial deviation in the first cycle to `annealTo` times that in the last
/// cycle, and stays there if a run is extended. If the deviation adapts, it is multiplied by the
/// layer's factor for the layer's weights. A proposal for many parameters at once has a tenth of
/// it.
///
/// *Units:* those of a weight. *Paper:* § 3, § 4.2.
package struct DeviationSchedule: Sendable, Hashable {
  /// The standard deviation of each layer's initial weights.
  package let initialDeviations: [Double]
  /// Each layer's factor on the deviation of its weights; nil if the deviation does not adapt.
  private let factors: [Double]?
  private let scale: Double
  private let end: Double
  /// Cycles over which the deviation falls.
  private let cycles: Int

  /// The schedule for the current cycle of a state.
  package init(_ state: SearchState, options: SearchOptions) {
    self.init(
      initialDeviations: state.initialDeviations, factors: state.deviationFactors, options: options)
  }

  package init(initialDeviations: [Double], factors: [Double]? = nil, options: SearchOptions) {
    self.initialDeviations = initialDeviations
    self.factors = factors
    scale = options.deviationScale * (options.granularity == .weight ? 1 : 0.1)
    end = options.anneal == .none ? 1 : options.annealTo
    cycles = options.annealCycles ?? options.cycles
  }

  /// The deviation of proposals for a layer's parameters of one kind.
  ///
  /// Gamma, beta and biases have no spread at the beginning, so a constant takes its place. This is not
  /// in the paper but in the authors' program.
  ///
  /// - Parameter cycle: The number of finished cycles.
  package func deviation(layer: Int, kind: ParameterKind, cycle: Int) -> Double {
    guard kind == .weight else {
      return Initializer.normalizationDeviation * scale * factor(cycle: cycle)
    }
    return initialDeviations[layer] * scale * factor(cycle: cycle) * (factors?[layer] ?? 1)
  }

  /// The deviation of weight proposals of each layer.
  package func deviations(cycle: Int) -> [Double] {
    initialDeviations.indices.map { deviation(layer: $0, kind: .weight, cycle: cycle) }
  }

  private func factor(cycle: Int) -> Double {
    guard cycles > 1 else { return 1 }
    let progress = Double(min(cycle, cycles - 1)) / Double(cycles - 1)
    return 1 - (1 - end) * progress
  }
}
