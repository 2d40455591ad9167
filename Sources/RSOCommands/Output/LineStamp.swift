import RSORuns

/// The beginning of lines about the progress: the time, if that is asked for.
package struct LineStamp: Sendable {
  private let hasTime: Bool

  package init(hasTime: Bool) {
    self.hasTime = hasTime
  }

  /// Returns a line with the present time (UTC), or as it is.
  func line(_ text: String) -> String {
    hasTime ? "\(Numbers.instant(RunClock.system.date()))  \(text)" : text
  }
}
