import RSONetworks

/// The candidates of one step: w, w + delta and w - delta, where w is the parameter after its decay.
package struct Proposal: Sendable, Hashable {
  package let candidates: Candidates
  package let delta: Float
  /// The candidates to compare; only the current value if nothing is proposed.
  package let choices: [Choice]

  /// *Paper:* § 3. The decay at every visit, before the losses are evaluated, is that of the authors'
  /// program.
  package init(address: WeightAddress, value: Float, delta: Float, weightDecay: Double) {
    let current = Self.decayed(value, weightDecay)
    self.delta = delta
    choices = delta == 0 ? [.kept] : Choice.allCases
    candidates = Candidates(
      address: address, current: current, plus: current + delta, minus: current - delta)
  }

  /// The candidates of a weight that is restricted to a grid. It does not decay, and all candidates are
  /// members of the grid; there may be fewer than three.
  package init(address: WeightAddress, value: Float, delta: Float, grid: WeightGrid) {
    let others = grid.others(than: value, delta: delta)
    self.delta = delta
    candidates = Candidates(
      address: address, current: value, plus: others.plus, minus: others.minus)
    choices =
      [.kept] + (others.plus == value ? [] : [.plus]) + (others.minus == value ? [] : [.minus])
  }

  /// A parameter after its decay.
  package static func decayed(_ value: Float, _ weightDecay: Double) -> Float {
    value * Float(1 - weightDecay)
  }

  package func value(_ choice: Choice) -> Float {
    switch choice {
    case .kept: candidates.current
    case .plus: candidates.plus
    case .minus: candidates.minus
    }
  }

  /// The parameter's new value.
  package func perturbation(_ selection: Selection) -> Perturbation {
    let value =
      selection.isMeasured
      ? value(selection.choice)
      : candidates.current + Float(selection.fraction * Double(delta))
    return Perturbation(address: candidates.address, value: value)
  }
}
