/// What a user may choose of a run without changing its outcome.
package struct RunSettings: Sendable, Hashable {
  /// Seconds between two saves inside a cycle.
  package var saveInterval = 60.0
  package var retention = Retention()
  /// Neurons searched at the same time, each by an evaluator of its own, where the plan's parallel mode
  /// lets them.
  package var workers = 1

  package init() {}

  package func validate() throws {
    guard saveInterval.isFinite, saveInterval > 0 else {
      throw RunError.invalidOption(
        name: "save interval", value: "\(saveInterval)", expected: "a finite number above 0")
    }
    try retention.validate()
  }
}
