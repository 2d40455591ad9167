/// McNemar's exact test: if two classifiers that judged the same samples are equally good.
///
/// Only samples that one classifies correctly and the other one does not count. If both are equally good,
/// either is right on such a sample with probability 1/2.
package struct McNemarTest: Sendable, Hashable {
  /// Samples that only the first one classifies correctly.
  package let onlyFirst: Int
  /// Samples that only the second one classifies correctly.
  package let onlySecond: Int
  /// The two-sided probability of a difference at least as large, if both are equally good.
  package let pValue: Double

  /// - Parameters:
  ///   - first: Tells for each sample if the first one is right.
  ///   - second: The same for the second one.
  package init(first: [Bool], second: [Bool]) {
    precondition(first.count == second.count)
    let pairs = zip(first, second)
    self.init(
      onlyFirst: pairs.count { $0 && !$1 }, onlySecond: pairs.count { !$0 && $1 })
  }

  /// - Parameters:
  ///   - onlyFirst: At least 0.
  ///   - onlySecond: At least 0.
  package init(onlyFirst: Int, onlySecond: Int) {
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    pValue = Self.pValue(min(onlyFirst, onlySecond), of: onlyFirst + onlySecond)
  }

  /// Twice the probability of at most `count` heads of `total` tosses of a fair coin, at most 1.
  ///
  /// The binomial coefficients are computed relative to the largest one, from the middle outwards, so that
  /// nothing overflows. Probabilities below 1e-300 are 0. *Tolerance:* 1e-11 relative, for up to 10^9
  /// tosses.
  private static func pValue(_ count: Int, of total: Int) -> Double {
    guard count < total - count else { return 1 }
    let middle = total / 2
    var (term, half, tail) = (1.0, 0.0, 0.0)
    var heads = middle
    while heads >= 0, term > 0 {
      half += term
      if heads <= count {
        tail += term
        // The rest is a geometric series at most; it changes no digit.
        if term < tail * 0x1p-60 { break }
      }
      term *= Double(heads) / Double(total - heads + 1)
      heads -= 1
    }
    // The other half mirrors this one; an even total has a single middle.
    let all = total.isMultiple(of: 2) ? 2 * half - 1 : 2 * half
    return min(1, 2 * tail / all)
  }
}
