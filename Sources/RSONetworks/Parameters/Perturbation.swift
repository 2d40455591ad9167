/// A parameter's new value.
package struct Perturbation: Sendable, Hashable {
  package var address: WeightAddress
  package var value: Float

  package init(address: WeightAddress, value: Float) {
    self.address = address
    self.value = value
  }
}

/// The values of one parameter that a step compares: w, w + delta and w - delta.
///
/// *Paper:* RSO § 3.
package struct Candidates: Sendable, Hashable {
  package var address: WeightAddress
  package var current: Float
  package var plus: Float
  package var minus: Float

  package init(address: WeightAddress, current: Float, plus: Float, minus: Float) {
    self.address = address
    self.current = current
    self.plus = plus
    self.minus = minus
  }
}

/// The loss of a minibatch for each of three candidates.
package struct CandidateLosses: Sendable, Hashable {
  package var current: Double
  package var plus: Double
  package var minus: Double

  package init(current: Double, plus: Double, minus: Double) {
    self.current = current
    self.plus = plus
    self.minus = minus
  }
}
