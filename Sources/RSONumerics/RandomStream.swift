/// The sequence of random words that belongs to one position: block 0, 1, 2 ... of the counter
/// (block, a, b, c).
package struct RandomStream: Sendable {
  private let key: Philox.Key
  private let position: (UInt64, UInt64, UInt64)
  private var block: UInt64 = 0
  private var words = Philox.Counter()
  private var used = 4

  package init(key: Philox.Key, position: (UInt64, UInt64, UInt64)) {
    self.key = key
    self.position = position
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    if used == 4 {
      words = Philox.block(
        counter: Philox.Counter(block, position.0, position.1, position.2), key: key)
      block += 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }
}
