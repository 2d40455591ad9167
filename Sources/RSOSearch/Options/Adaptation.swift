/// The adaptation of the deviation of a layer's weights to the success of its steps. Not in the paper.
package enum Adaptation: String, OptionValue, CaseIterable {
  /// The deviation does not adapt.
  case none
  /// A cycle that keeps the current value in more than half of a layer's steps searches the layer too
  /// coarsely. From the next cycle on, the layer's deviation is multiplied by twice the share of the
  /// other steps, and by at least 0.25.
  case success

  /// The factor on a layer's deviation after a cycle with this tally: 0.25 to 1.
  package func factor(after tally: StepTally) -> Double {
    guard self == .success, tally.steps > 0 else { return 1 }
    let changed = Double(tally.plus + tally.minus) / Double(tally.steps)
    return max(0.25, min(1, 2 * changed))
  }
}
