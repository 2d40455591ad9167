/// What a user may choose of a run without changing its outcome.
package struct RunSettings: Sendable, Hashable {
  /// Seconds between two saves inside a cycle.
  package var saveInterval = 60.0
  package var retention = Retention()

  package init() {}

  package func validate() throws {
    guard saveInterval.isFinite, saveInterval > 0 else {
      throw RunError.invalidOption(
        name: "save interval", value: "\(saveInterval)", expected: "a finite number above 0")
    }
    try retention.validate()
  }
}
