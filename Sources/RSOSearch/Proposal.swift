import RSONetworks

/// A step's question: which of w, w + delta and w - delta, w being the parameter after its decay?
package struct Proposal: Sendable, Hashable {
  package let candidates: Candidates

  /// *Paper:* § 3; the decay at every visit, before the three losses, is the authors' program's.
  package init(address: WeightAddress, value: Float, delta: Float, weightDecay: Double) {
    let current = value * Float(1 - weightDecay)
    candidates = Candidates(
      address: address, current: current, plus: current + delta, minus: current - delta)
  }

  /// The parameter's new value.
  package func perturbation(_ choice: Choice) -> Perturbation {
    let value =
      switch choice {
      case .kept: candidates.current
      case .plus: candidates.plus
      case .minus: candidates.minus
      }
    return Perturbation(address: candidates.address, value: value)
  }
}
