/// The choices about a run that do not change what it computes.
package struct RunSettings: Sendable, Hashable {
  /// Seconds between two saves inside a cycle.
  package var saveInterval = 60.0
  package var retention = Retention()
  /// The number of neurons that are searched in parallel, each by its own evaluator, if the plan
  /// allows it.
  package var workers = 1
  /// True if the test set is measured after each cycle although a validation set chooses the best one.
  package var testsEachCycle = false

  package init() {}

  /// *Throws:* `RunError.invalidOption`.
  package func validate() throws {
    guard saveInterval.isFinite, saveInterval > 0 else {
      throw RunError.invalidOption(
        name: "save-interval", value: "\(saveInterval)", expected: "a finite number above 0")
    }
    try retention.validate()
  }
}
