/// The rule by which the checkpoints of finished cycles are kept.
package struct Retention: Sendable, Hashable {
  /// The number of newest cycles that are kept. If it is nil, all are kept; with `keepEvery`, only
  /// the newest one.
  package var keepLast: Int?
  /// In addition, every cycle is kept whose number is a multiple of this.
  package var keepEvery: Int?

  package init(keepLast: Int? = nil, keepEvery: Int? = nil) {
    self.keepLast = keepLast
    self.keepEvery = keepEvery
  }

  /// *Throws:* `RunError.invalidOption` for a number below 1.
  package func validate() throws {
    for (name, value) in [("keep-last", keepLast), ("keep-every", keepEvery)] {
      if let value, value < 1 {
        throw RunError.invalidOption(name: name, value: "\(value)", expected: "at least 1")
      }
    }
  }

  /// The cycles whose checkpoints are removed. The newest one is always kept.
  package func superfluous(among cycles: [Int]) -> [Int] {
    guard keepLast != nil || keepEvery != nil else { return [] }
    let older = cycles.sorted().dropLast(max(keepLast ?? 1, 1))
    return older.filter { cycle in !(keepEvery.map { cycle.isMultiple(of: $0) } ?? false) }
  }
}
