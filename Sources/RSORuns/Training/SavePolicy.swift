/// When a run is saved inside a cycle. Times are seconds on a clock that never goes back.
package struct SavePolicy: Sendable, Hashable {
  /// Seconds until the next attempt after a failure. They double with each further failure.
  package static let firstRetry = 5.0
  /// Seconds between two attempts at most.
  package static let longestRetry = 300.0

  /// Seconds between two saves.
  package let interval: Double
  private var due: Double
  private var failures = 0

  package init(interval: Double, now: Double) {
    self.interval = interval
    due = now + interval
  }

  package func isDue(at now: Double) -> Bool { now >= due }

  package mutating func saved(at now: Double) {
    failures = 0
    due = now + interval
  }

  /// Returns the seconds until the next attempt.
  package mutating func failed(at now: Double) -> Double {
    var wait = Self.firstRetry
    for _ in 0..<min(failures, 10) { wait *= 2 }
    wait = min(wait, Self.longestRetry)
    failures += 1
    due = now + wait
    return wait
  }
}
