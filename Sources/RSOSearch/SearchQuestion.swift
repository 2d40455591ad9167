import RSONetworks

/// The losses that a search needs to go on.
package struct SearchQuestion: Sendable {
  package enum Candidates: Sendable, Hashable {
    /// Values of one parameter.
    case values(WeightAddress, [Float])
    /// Whole vectors of parameters.
    case networks([[Float]])
  }

  package var candidates: Candidates
  /// The samples on which the candidates are compared.
  package var minibatch: Minibatch

  package init(candidates: Candidates, minibatch: Minibatch) {
    self.candidates = candidates
    self.minibatch = minibatch
  }

  /// The number of losses.
  package var count: Int {
    switch candidates {
    case .values(_, let values): values.count
    case .networks(let networks): networks.count
    }
  }
}
