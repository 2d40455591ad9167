/// The purpose of a random number. Each purpose has its own key, so that draws for one never shift
/// or repeat draws for another.
package enum RandomPurpose: UInt64, Sendable, CaseIterable {
  /// Initial weights; counter (block, layer, 0, 0).
  case initialization = 1
  /// Proposed changes; counter (block, weight in the layer, layer, cycle).
  case proposal = 2
  /// Minibatches, and random changes of images; counter (block, draw in the layer, layer, cycle).
  case minibatch = 3
}

/// The Philox key of a purpose in a run: (seed, purpose).
package struct RandomKey: Sendable, Hashable {
  package var seed: UInt64
  package var purpose: RandomPurpose

  package init(seed: UInt64, purpose: RandomPurpose) {
    self.seed = seed
    self.purpose = purpose
  }

  package var philox: Philox.Key { Philox.Key(seed, purpose.rawValue) }

  /// Returns the stream of random words of the position (a, b, c); see `RandomPurpose` for what the
  /// three numbers are. Streams of different positions are independent.
  package func stream(_ a: Int, _ b: Int = 0, _ c: Int = 0) -> RandomStream {
    RandomStream(key: philox, position: (UInt64(a), UInt64(b), UInt64(c)))
  }
}
