/// The fall of the deviation over the cycles.
package enum Annealing: String, OptionValue, CaseIterable {
  /// It falls linearly. *Paper:* § 3.
  case linear
  /// The deviation stays constant.
  case none
}
