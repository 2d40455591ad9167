/// How the deviation falls over the cycles.
package enum Annealing: String, OptionValue, CaseIterable {
  /// Linearly. *Paper:* § 3.
  case linear
  /// Not at all.
  case none
}
