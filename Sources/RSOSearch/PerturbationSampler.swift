import RSONumerics

/// Draws the proposed changes: a function of seed and place alone.
package struct PerturbationSampler: Sendable, Hashable {
  private let key: RandomKey
  private let distribution: ProposalDistribution

  package init(seed: UInt64, distribution: ProposalDistribution = .gaussian) {
    key = RandomKey(seed: seed, purpose: .proposal)
    self.distribution = distribution
  }

  /// The change proposed for the layer's parameter `ordinal` (in the order in which they are
  /// visited); `cycle` counts the finished ones.
  package func delta(deviation: Double, ordinal: Int, layer: Int, cycle: Int) -> Float {
    var stream = key.stream(ordinal, layer, cycle)
    return draw(deviation, from: &stream)
  }

  /// The changes proposed together at that step: a draw for each deviation, one after the other from
  /// the step's stream.
  package func deltas(deviations: [Double], ordinal: Int, layer: Int, cycle: Int) -> [Float] {
    var stream = key.stream(ordinal, layer, cycle)
    return deviations.map { draw($0, from: &stream) }
  }

  /// *Paper:* § 3.
  private func draw(_ deviation: Double, from stream: inout RandomStream) -> Float {
    switch distribution {
    case .gaussian: Float(deviation * stream.nextNormal())
    case .uniform: Float(deviation * (4 * stream.nextUniform() - 2))
    case .template: Float(deviation * Double(stream.next(below: 3) - 1))
    }
  }
}
