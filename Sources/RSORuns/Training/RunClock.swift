internal import Glibc

/// The clocks that a run reads.
package struct RunClock: Sendable {
  /// Seconds on a clock that never goes back.
  package var elapsed: @Sendable () -> Double
  /// Seconds since 1970.
  package var date: @Sendable () -> Double

  package init(
    elapsed: @escaping @Sendable () -> Double, date: @escaping @Sendable () -> Double
  ) {
    self.elapsed = elapsed
    self.date = date
  }

  /// The computer's clocks.
  package static let system = RunClock(
    elapsed: { read(CLOCK_MONOTONIC) }, date: { read(CLOCK_REALTIME) })

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
