import RSONetworks

/// The standard deviation of the proposals, cycle by cycle.
///
/// It falls linearly from the initial deviation in the first cycle to `annealTo` times that in the
/// last one, and stays there if a run goes on; where it follows the steps' success, that of a layer's
/// weights is multiplied by what this has come to. A proposal for many parameters at once has a tenth of
/// it. *Paper:* § 3, § 4.2.
package struct DeviationSchedule: Sendable, Hashable {
  /// A deviation for the weights of each layer, before scaling.
  package let initialDeviations: [Double]
  /// What these are multiplied by besides; nil: nothing.
  private let factors: [Double]?
  private let scale: Double
  private let end: Double
  /// Cycles that the deviation falls over.
  private let cycles: Int

  /// The schedule as it is in a state, for the cycle at hand.
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

  /// The deviation of proposals for parameters `kind` of a layer; `cycle` counts the finished ones.
  ///
  /// Gamma, beta and biases, whose initial values do not vary, begin with a constant. Not in the
  /// paper: the authors' program.
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
