import Glibc

/// An axis with marks at round numbers.
package struct PlotAxis: Sendable, Equatable {
  package var minimum: Double
  package var maximum: Double
  package var ticks: [Double]
  package private(set) var scale: PlotScale
  /// The distance of marks; 0 if each mark has its own decimals.
  private var step: Double

  /// - Parameters:
  ///   - values: Finite values that the axis must contain.
  ///   - count: The approximate number of marks.
  ///   - isWhole: Marks stand at whole numbers only. If the axis is tight, its end has a mark, too.
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
    if isTight, isWhole { ticks = Self.ending(ticks, at: high, step: step) }
    self.step = step
    scale = .linear
  }

  /// A logarithmic axis; a linear one if a value is not above 0.
  package init(logarithmic values: [Double]) {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    guard low > 0, low.isNormal else {
      self.init(values)
      return
    }
    self.init([low, high], count: 4)
    scale = .logarithmic
    // A margin, so that a curve does not lie on the frame.
    let margin = max(pow(high / low, 0.04), 1.05)
    (minimum, maximum) = (low / margin, high * margin)
    let marks = Self.decadeMarks(minimum, maximum)
    if marks.count < 3 {
      // Less than a decade: the marks of the linear axis, from its first to its last one.
      ticks.removeAll { $0 <= 0 }
      minimum = min(minimum, ticks.first ?? minimum)
      maximum = max(maximum, ticks.last ?? maximum)
    } else {
      (ticks, step) = (marks, 0)
    }
  }

  /// Returns marks at 1, 2 and 5 times powers of ten; fewer of them if the range is large.
  private static func decadeMarks(_ low: Double, _ high: Double) -> [Double] {
    let (first, last) = (log10(low).rounded(.down), log10(high).rounded(.up))
    let factors: [Double] = last - first <= 4 ? [1, 2, 5] : [1]
    let stride = max(1, ((last - first) / 8).rounded(.up))
    return Swift.stride(from: first, through: last, by: stride)
      .flatMap { power in factors.map { $0 * pow(10, power) } }
      .filter { (low...high).contains($0) }
  }

  /// Marks of which the last one is the end of the axis. A mark that would stand too close to it is dropped.
  private static func ending(_ ticks: [Double], at end: Double, step: Double) -> [Double] {
    guard end == end.rounded(), let last = ticks.last, end - last > step * 1e-9 else {
      return ticks
    }
    let kept = end - last < step * 0.6 && ticks.count > 1 ? ticks.dropLast() : ticks[...]
    return kept + [end]
  }

  /// Returns 1, 2 or 5 times a power of ten that is not smaller than `rough`.
  private static func roundStep(_ rough: Double) -> Double {
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1, 2, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10
    return factor * power
  }

  /// `2e-7`: a mark at 1, 2 or 5 times a power of ten.
  private static func powerText(_ mark: Double) -> String {
    let power = (log10(mark) + 1e-9).rounded(.down)
    return "\(Int((mark / pow(10, power)).rounded()))e\(Int(power))"
  }

  /// Returns the position on the axis: 0 at its minimum, 1 at its maximum.
  package func place(_ value: Double) -> Double {
    switch scale {
    case .linear: (value - minimum) / (maximum - minimum)
    case .logarithmic: log(value / minimum) / log(maximum / minimum)
    }
  }

  /// Returns a mark's number, with enough decimals to tell the marks apart.
  package func label(_ tick: Double, isShare: Bool = false) -> String {
    let unit = step == 0 ? tick : step
    let (value, step) = isShare ? (tick * 100, unit * 100) : (tick, unit)
    let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    let rounded = abs(value) < step * 1e-6 ? 0 : value
    if digits == 0, abs(rounded) < 1e15 { return Numbers.grouped(Int(rounded.rounded())) }
    if digits > 4, self.step == 0 { return Self.powerText(rounded) }
    return digits > 6 ? Numbers.value(rounded) : Numbers.fixed(rounded, digits)
  }
}
