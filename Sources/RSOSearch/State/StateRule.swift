/// The numbers that an entry of a search's state may have.
struct StateRule: Sendable {
  /// More than any run counts to, so that sums over all layers and cycles stay in range.
  static let mostCounted = 1 << 40

  /// The allowed numbers in words.
  let text: String
  let allows: @Sendable (StateValues) -> Bool

  static let any = StateRule(text: "any numbers") { _ in true }

  static let finite = StateRule(text: "finite numbers") { values in
    switch values {
    case .float32(let values): values.allSatisfy(\.isFinite)
    default: values.doubles.allSatisfy(\.isFinite)
    }
  }

  static let finiteNotNegative = StateRule(text: "finite numbers of at least 0") { values in
    values.doubles.allSatisfy { $0.isFinite && $0 >= 0 }
  }

  static let share = StateRule(text: "numbers of 0 to 1") { values in
    values.doubles.allSatisfy { (0...1).contains($0) }
  }

  static let count = StateRule(text: "whole numbers of 0 to \(mostCounted)") { values in
    guard case .int64(let counts) = values else { return false }
    return counts.allSatisfy { (0...mostCounted).contains($0) }
  }
}
