import RSONumerics

/// Draws the proposed changes. Each is a function of the seed and its position alone.
package struct PerturbationSampler: Sendable, Hashable {
  private let key: RandomKey
  private let distribution: ProposalDistribution

  package init(seed: UInt64, distribution: ProposalDistribution = .gaussian) {
    key = RandomKey(seed: seed, purpose: .proposal)
    self.distribution = distribution
  }

  /// The change proposed for one parameter.
  ///
  /// - Parameters:
  ///   - ordinal: The parameter's index in the layer, in the order of visits.
  ///   - cycle: The number of finished cycles.
  package func delta(deviation: Double, ordinal: Int, layer: Int, cycle: Int) -> Float {
    var stream = key.stream(ordinal, layer, cycle)
    return draw(deviation, from: &stream)
  }

  /// The changes that one step proposes together: one draw per deviation, in turn from the step's stream.
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
