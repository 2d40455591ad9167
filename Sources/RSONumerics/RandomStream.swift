/// The sequence of random words of one position (a, b, c): the values of Philox at the counters
/// (0, a, b, c), (1, a, b, c), (2, a, b, c) ...
///
/// *Reproducibility:* bitwise: every draw uses only integer arithmetic and IEEE basic operations.
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

  /// Returns the next 64 random bits.
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

extension RandomStream {
  /// Returns a uniform number of the open interval (0, 1): the middle of one of 2^52 equal parts.
  ///
  /// With 52 bits the middle is exactly a Double; with 53 the largest would round to 1. The values are
  /// symmetric about one half.
  package mutating func nextUniform() -> Double {
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }

  /// Returns a standard normal number, by inversion of one uniform number. Its magnitude is below 8.3.
  package mutating func nextNormal() -> Double {
    NormalDistribution.quantile(nextUniform())
  }

  /// Returns a whole number of 0 ..< bound, each equally likely (Lemire, "Fast random integer generation in
  /// an interval", 2019).
  package mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "nothing lies below \(bound)")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      // 2^64 mod bound: so many low words would make some numbers more likely than others.
      let excess = (0 &- bound) % bound
      while product.low < excess { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Returns `count` different numbers of 0 ..< total in random order. For many draws, use a
  /// `SampleDrawer`, which gives the same numbers.
  ///
  /// *Complexity:* O(total).
  package mutating func sample(count: Int, from total: Int) -> [Int32] {
    var drawer = SampleDrawer(total: total)
    return drawer.draw(count, from: &self)
  }
}
