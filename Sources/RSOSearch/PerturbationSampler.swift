import RSONumerics

/// Draws the proposed changes, delta ~ N(0, sigma): a function of seed and place alone.
package struct PerturbationSampler: Sendable, Hashable {
  private let key: RandomKey

  package init(seed: UInt64) {
    key = RandomKey(seed: seed, purpose: .proposal)
  }

  /// The change proposed for the layer's parameter `ordinal` (in the order in which they are
  /// visited); `cycle` counts the finished ones.
  package func delta(deviation: Double, ordinal: Int, layer: Int, cycle: Int) -> Float {
    var stream = key.stream(ordinal, layer, cycle)
    return Float(deviation * stream.nextNormal())
  }
}
