internal import Glibc

/// What something took.
package struct TimeTaken: Sendable, Hashable, Codable {
  package var seconds: Double
  /// Time of processors, divided by the threads: what `seconds` would be if nothing else ran on the
  /// machine.
  package var processorSeconds: Double

  package init(seconds: Double, processorSeconds: Double) {
    self.seconds = seconds
    self.processorSeconds = processorSeconds
  }

  package static let zero = TimeTaken(seconds: 0, processorSeconds: 0)

  package static func + (a: TimeTaken, b: TimeTaken) -> TimeTaken {
    TimeTaken(
      seconds: a.seconds + b.seconds, processorSeconds: a.processorSeconds + b.processorSeconds)
  }

  package static func - (a: TimeTaken, b: TimeTaken) -> TimeTaken {
    TimeTaken(
      seconds: a.seconds - b.seconds, processorSeconds: a.processorSeconds - b.processorSeconds)
  }

  package static func * (factor: Double, time: TimeTaken) -> TimeTaken {
    TimeTaken(seconds: factor * time.seconds, processorSeconds: factor * time.processorSeconds)
  }

  /// The middle one of each figure; zero of none.
  package static func median(_ times: [TimeTaken]) -> TimeTaken {
    guard !times.isEmpty else { return .zero }
    func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    return TimeTaken(
      seconds: middle(times.map(\.seconds)),
      processorSeconds: middle(times.map(\.processorSeconds)))
  }
}

/// The clocks that a benchmark reads.
package struct StopWatch: Sendable {
  package var threads: Int

  package init(threads: Int) { self.threads = threads }

  package func time(_ body: () -> Void) -> TimeTaken {
    let (began, busy) = (Self.read(CLOCK_MONOTONIC), Self.read(CLOCK_PROCESS_CPUTIME_ID))
    body()
    return TimeTaken(
      seconds: Self.read(CLOCK_MONOTONIC) - began,
      processorSeconds: (Self.read(CLOCK_PROCESS_CPUTIME_ID) - busy) / Double(threads))
  }

  /// Seconds of processor time that the calling thread had.
  package static func threadSeconds() -> Double { read(CLOCK_THREAD_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
