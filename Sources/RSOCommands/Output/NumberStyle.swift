extension Numbers {
  /// The form in which a table shows a value.
  package enum Style: Sendable, Equatable {
    /// Digits as they are; `-` for a missing value.
    case plain
    /// `11,824`.
    case grouped
    /// `0.0312`, as `Numbers.value`.
    case value
    /// `97.42 %`, of a share of 1.
    case percent
    /// `0.2518` or `1.235e-07`, as `Numbers.loss`.
    case loss
    /// A number of decimals.
    case fixed(Int)
    /// `1:02:03`, of seconds.
    case duration

    package func text(of value: ReportValue) -> String {
      switch value {
      case .missing, .object: "-"
      case .flag(let flag): flag ? "yes" : "no"
      case .integer(let number):
        self == .grouped ? Numbers.grouped(number) : text(of: Double(number), "\(number)")
      case .natural(let number): "\(number)"
      case .number(let number): text(of: number, "\(number)")
      case .text(let text): text
      case .list(let values): values.map { self.text(of: $0) }.joined(separator: " ")
      }
    }

    private func text(of number: Double, _ plain: String) -> String {
      switch self {
      case .plain, .grouped: plain
      case .value: Numbers.value(number)
      case .percent: Numbers.percent(number)
      case .loss: Numbers.loss(number)
      case .fixed(let digits): Numbers.fixed(number, digits)
      case .duration: Numbers.duration(number)
      }
    }
  }
}
