import RSONetworks

/// A step's question: which of w, w + delta and w - delta, w being the parameter after its decay?
package struct Proposal: Sendable, Hashable {
  package let candidates: Candidates
  package let delta: Float

  /// *Paper:* § 3; the decay at every visit, before the three losses, is the authors' program's.
  package init(address: WeightAddress, value: Float, delta: Float, weightDecay: Double) {
    let current = Self.decayed(value, weightDecay)
    self.delta = delta
    candidates = Candidates(
      address: address, current: current, plus: current + delta, minus: current - delta)
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
