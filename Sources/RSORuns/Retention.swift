/// Which cycles' checkpoints stay.
package struct Retention: Sendable, Hashable {
  /// The newest so many; nil: no limit, unless `keepEvery` sets one.
  package var keepLast: Int?
  /// Besides, every cycle whose number this divides.
  package var keepEvery: Int?

  package init(keepLast: Int? = nil, keepEvery: Int? = nil) {
    self.keepLast = keepLast
    self.keepEvery = keepEvery
  }

  package func validate() throws {
    for (name, value) in [("keep-last", keepLast), ("keep-every", keepEvery)] {
      if let value, value < 1 {
        throw RunError.invalidOption(name: name, value: "\(value)", expected: "at least 1")
      }
    }
  }

  /// The cycles whose checkpoints go. The newest always stays.
  package func superfluous(among cycles: [Int]) -> [Int] {
    guard keepLast != nil || keepEvery != nil else { return [] }
    let older = cycles.sorted().dropLast(max(keepLast ?? 1, 1))
    return older.filter { cycle in !(keepEvery.map { cycle.isMultiple(of: $0) } ?? false) }
  }
}
