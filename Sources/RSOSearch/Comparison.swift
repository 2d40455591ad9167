/// The comparison of a step's candidates, one question after the other: which losses are needed depends on
/// those that are known.
struct Comparison: Sendable {
  private let rule: SelectionRule
  /// The available candidates, the current value among them.
  private let choices: [Choice]
  private var kept: Double?
  private var plus: Double?
  private var minus: Double?
  private var evaluations = 0

  /// - Parameter known: The current value's loss, if it is known already.
  init(_ rule: SelectionRule, among choices: [Choice], known: Double?) {
    self.rule = rule
    self.choices = choices
    kept = known
  }

  /// The candidates whose losses are needed next; empty once the comparison is decided.
  var wanted: [Choice] {
    let first = missing(rule == .first ? [.kept, .plus] : Choice.allCases)
    guard first.isEmpty, rule == .first, !(loss(.plus) < loss(.kept)) else { return first }
    return missing([.minus])
  }

  /// Takes the losses of the wanted candidates, in their order. A loss that is not finite is worse than any
  /// other, and so is a candidate that is not finite: a ReLU can hide an infinite weight from the loss.
  mutating func take(_ losses: [Double], isFinite: (Choice) -> Bool) {
    for (choice, loss) in zip(wanted, losses) {
      let value = loss.isFinite && isFinite(choice) ? loss : .infinity
      switch choice {
      case .kept: kept = value
      case .plus: plus = value
      case .minus: minus = value
      }
    }
    evaluations += losses.count
  }

  /// The outcome, once nothing is wanted; nil if no candidate is finite and has a finite loss.
  var selection: Selection? {
    var best = Choice.kept
    for choice in [Choice.plus, .minus] where loss(choice) < loss(best) { best = choice }
    guard loss(best) < .infinity else { return nil }
    var selection = Selection(choice: best, loss: loss(best), evaluations: evaluations)
    if rule == .vertex,
      let fraction = Self.vertex(minus: loss(.minus), current: loss(.kept), plus: loss(.plus))
    {
      selection.fraction = fraction
      selection.choice = fraction > 0 ? .plus : fraction < 0 ? .minus : .kept
    }
    return selection
  }

  private func missing(_ candidates: [Choice]) -> [Choice] {
    candidates.filter { found($0) == nil && choices.contains($0) }
  }

  private func found(_ choice: Choice) -> Double? {
    switch choice {
    case .kept: kept
    case .plus: plus
    case .minus: minus
    }
  }

  private func loss(_ choice: Choice) -> Double { found(choice) ?? .infinity }

  /// The minimum of the parabola through the losses at -1, 0 and 1. Returns nil if it does not lie between
  /// -1 and 1, or if the parabola has no minimum.
  private static func vertex(minus: Double, current: Double, plus: Double) -> Double? {
    let curvature = plus - 2 * current + minus
    guard curvature > 0, curvature.isFinite else { return nil }
    let fraction = (minus - plus) / (2 * curvature)
    return abs(fraction) < 1 ? fraction : nil
  }
}
