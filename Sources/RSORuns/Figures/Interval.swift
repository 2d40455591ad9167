/// An interval that contains the true value with a confidence of 95 %.
package struct Interval: Sendable, Hashable {
  package var lower: Double
  package var upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The 0.975 quantile of the standard normal distribution.
  private static let quantile = 1.959963984540054

  /// The interval of a share of which `count` of `total` samples were observed; nil if `total` is 0.
  ///
  /// *Source:* Wilson, "Probable inference, the law of succession, and statistical inference" (1927). It
  /// stays within 0 to 1 and holds for few samples and for shares near 0 or 1 as well.
  package static func wilson(_ count: Int, of total: Int) -> Interval? {
    guard total > 0 else { return nil }
    let (share, total) = (Double(count) / Double(total), Double(total))
    let square = quantile * quantile
    let scale = 1 + square / total
    let center = (share + square / (2 * total)) / scale
    let half =
      quantile / scale
      * (share * (1 - share) / total + square / (4 * total * total)).squareRoot()
    return Interval(lower: max(0, center - half), upper: min(1, center + half))
  }
}
