/// Philox4x64-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3" (SC 2011): ten rounds that turn a 256-bit counter and a 128-bit key into 256 random bits.
///
/// *Reproducibility:* bitwise, everywhere; the values are those of numpy's `Philox` (which advances
/// its counter by one before the first block).
package enum Philox {
  package typealias Counter = SIMD4<UInt64>
  package typealias Key = SIMD2<UInt64>

  private static let multiplier0: UInt64 = 0xD2E7_470E_E14C_6C93
  private static let multiplier1: UInt64 = 0xCA5A_8263_9512_1157
  private static let weyl = Key(0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B)

  /// Returns the four random words of a counter and a key.
  package static func block(counter: Counter, key: Key) -> Counter {
    var x = counter
    var k = key
    for round in 0..<10 {
      if round > 0 { k &+= weyl }
      let first = multiplier0.multipliedFullWidth(by: x[0])
      let second = multiplier1.multipliedFullWidth(by: x[2])
      x = Counter(
        second.high ^ x[1] ^ k[0], second.low,
        first.high ^ x[3] ^ k[1], first.low)
    }
    return x
  }
}
