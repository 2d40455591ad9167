/// Whether the deviation of a layer's weights follows how its steps end. Not in the paper.
package enum Adaptation: String, OptionValue, CaseIterable {
  /// Not at all.
  case none
  /// Where a cycle has kept the current value in more than half of a layer's steps, the layer is
  /// searched too coarsely: from the next cycle on its deviation is multiplied by twice the share of the
  /// other steps, but by a quarter at least.
  case success

  /// What a layer's deviation is multiplied by after a cycle of such steps.
  package func factor(after tally: StepTally) -> Double {
    guard self == .success, tally.steps > 0 else { return 1 }
    let changed = Double(tally.plus + tally.minus) / Double(tally.steps)
    return max(0.25, min(1, 2 * changed))
  }
}
