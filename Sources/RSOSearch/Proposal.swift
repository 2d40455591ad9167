import RSONetworks

/// A step's question: which of w, w + delta and w - delta, w being the parameter after its decay?
package struct Proposal: Sendable, Hashable {
  package let candidates: Candidates
  package let delta: Float
  /// Those to be compared; the current value alone where nothing is proposed.
  package let choices: [Choice]

  /// *Paper:* § 3; the decay at every visit, before the three losses, is the authors' program's.
  package init(address: WeightAddress, value: Float, delta: Float, weightDecay: Double) {
    let current = Self.decayed(value, weightDecay)
    self.delta = delta
    choices = delta == 0 ? [.kept] : Choice.allCases
    candidates = Candidates(
      address: address, current: current, plus: current + delta, minus: current - delta)
  }

  /// The same for a weight that is restricted to a grid: it does not decay, and the candidates are
  /// members of the grid, fewer than three where it has no more to offer.
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
