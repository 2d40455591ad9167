import RSONetworks
import RSONumerics

/// The percentile bootstrap: the interval of a mean from samples that are drawn again, with
/// replacement.
///
/// *Source:* Efron and Tibshirani, "An introduction to the bootstrap" (1993), chapter 13.
package enum Bootstrap {
  package static let resamples = 10_000

  /// The purpose in the Philox key of the draws; those of runs (`RandomPurpose`) are small. With a fixed
  /// key, equal samples have equal intervals.
  private static let purpose: UInt64 = 0x626F_6F74_7374_7261

  /// The interval of the mean of `values`; nil for fewer than two, which tell nothing about the spread. For pairs, the
  /// values are the differences.
  ///
  /// *Reproducibility:* bitwise, on any machine and with any number of threads: resample r draws
  /// from the stream of position r, and sums in the order of its draws.
  ///
  /// *Complexity:* O(`resamples` x values).
  ///
  /// - Parameter resamples: At least 1.
  package static func interval(
    ofMean values: [Double], resamples: Int = Bootstrap.resamples, pool: WorkerPool
  ) -> Interval? {
    guard values.count > 1, resamples > 0, values.count <= Int(UInt32.max) else { return nil }
    let means = pool.map(resamples) { mean(of: values, resample: $0) }.sorted()
    return Interval(
      lower: quantile(0.025, of: means), upper: quantile(0.975, of: means))
  }

  /// The mean of one resample. Each random word gives two indices, by Lemire's method with 32 bits.
  private static func mean(of values: [Double], resample: Int) -> Double {
    var stream = RandomStream(
      key: Philox.Key(0, purpose), position: (UInt64(resample), 0, 0))
    let bound = UInt64(values.count)
    // 2^32 mod bound: so many low halves would make some indices more likely than others.
    let excess = (1 << 32) % bound
    return values.withUnsafeBufferPointer { values in
      var (sum, drawn) = (0.0, 0)
      func take(_ half: UInt64) {
        let product = half * bound
        guard drawn < values.count, product & 0xFFFF_FFFF >= excess else { return }
        sum += values[Int(product >> 32)]
        drawn += 1
      }
      while drawn < values.count {
        let word = stream.next()
        take(word & 0xFFFF_FFFF)
        take(word >> 32)
      }
      return sum / Double(values.count)
    }
  }

  /// The quantile of ascending numbers, linear between two of them, as numpy's default.
  private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    let place = share * Double(sorted.count - 1)
    let index = min(Int(place), sorted.count - 1)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
  }
}
