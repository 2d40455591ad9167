import Glibc

/// A linear axis with marks at round numbers.
package struct PlotAxis: Sendable, Equatable {
  package var minimum: Double
  package var maximum: Double
  package var ticks: [Double]
  private var step: Double

  /// - Parameters:
  ///   - values: Finite values that the axis must contain.
  ///   - count: The approximate number of marks.
  ///   - isWhole: Marks stand at whole numbers only.
  ///   - isTight: The axis ends where the values end, not at a mark.
  package init(_ values: [Double], count: Int = 5, isWhole: Bool = false, isTight: Bool = false) {
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if !((high / 2 - low / 2) / Double(count)).isNormal {
      let margin = isWhole ? 1 : max(abs(low) * 0.1, 1e-9)
      (low, high) = (low - margin, high + margin)
    }
    let rough = Self.roundStep((high - low) / Double(count))
    let step = isWhole ? max(1, rough.rounded()) : rough
    let first = (low / step).rounded(.down)
    let last = (high / step).rounded(.up)
    let marks = stride(from: first, through: last, by: 1).map { $0 * step }
    let reach = (low - step * 1e-9)...(high + step * 1e-9)
    (minimum, maximum) = isTight ? (low, high) : (first * step, last * step)
    ticks = isTight ? marks.filter(reach.contains) : marks
    self.step = step
  }

  /// Returns 1, 2 or 5 times a power of ten that is not smaller than `rough`.
  private static func roundStep(_ rough: Double) -> Double {
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1, 2, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10
    return factor * power
  }

  /// Returns the position on the axis: 0 at its minimum, 1 at its maximum.
  package func place(_ value: Double) -> Double { (value - minimum) / (maximum - minimum) }

  /// Returns a mark's number, with enough decimals to tell the marks apart.
  package func label(_ tick: Double, isShare: Bool = false) -> String {
    let (value, step) = isShare ? (tick * 100, step * 100) : (tick, step)
    let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    let rounded = abs(value) < step * 1e-6 ? 0 : value
    if digits == 0, abs(rounded) < 1e15 { return Numbers.grouped(Int(rounded.rounded())) }
    return Numbers.fixed(rounded, min(digits, 12))
  }
}
