import ArgumentParser

/// The horizontal axis of learning curves.
package enum CurveAxis: String, Sendable, CaseIterable, ExpressibleByArgument {
  case cycle, updates, hours

  /// Seconds of a unit of time, and its name.
  private static let units: [(seconds: Double, name: String)] = [
    (3600, "hours"), (60, "minutes"), (1, "seconds"),
  ]

  /// The unit of time in which runs of this length are shown.
  private static func unit(_ seconds: Double) -> (seconds: Double, name: String) {
    units.first { seconds >= 2 * $0.seconds } ?? (1, "seconds")
  }

  /// The axis after the word `over`.
  package func label(_ histories: [RunHistory]) -> String {
    switch self {
    case .cycle: "cycles"
    case .updates: "weight updates"
    case .hours: Self.unit(Self.longest(histories)).name + " of training"
    }
  }

  /// The place of each finished cycle of a run.
  func places(_ history: RunHistory, among histories: [RunHistory]) -> [Double] {
    switch self {
    case .cycle: return history.cycles.map { Double($0.record.cycle) }
    case .updates: return history.cycles.map { Double($0.updates) }
    case .hours:
      let unit = Self.unit(Self.longest(histories)).seconds
      var sum = 0.0
      return history.cycles.map {
        sum += $0.record.seconds
        return sum / unit
      }
    }
  }

  private static func longest(_ histories: [RunHistory]) -> Double {
    histories.map { $0.cycles.reduce(0) { $0 + $1.record.seconds } }.max() ?? 0
  }
}
