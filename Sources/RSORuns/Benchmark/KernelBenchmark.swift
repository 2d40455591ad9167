import RSONetworks

/// The speed of one core, with its operands in its own caches.
package enum KernelBenchmark {
  /// Seconds of one repetition: long compared with the clock's resolution, and short compared with the
  /// time between interruptions by other programs.
  private static let repetitionSeconds = 2e-3

  /// Floating-point operations per second: the best of several repetitions, in processor time of the
  /// thread, so that other programs have little effect.
  ///
  /// - Parameter seconds: Time for all repetitions.
  package static func operationsPerSecond(
    _ kernel: BenchmarkKernel, seconds: Double
  ) -> Double {
    let run = kernel.prepare()
    var count = 1
    while true {
      let taken = time(count, run)
      if taken >= repetitionSeconds || count >= 1 << 24 { break }
      count *= taken > 0 ? min(16, max(2, Int(repetitionSeconds / taken) + 1)) : 16
    }
    var best = time(count, run)
    var spent = best
    while spent < seconds {
      let taken = time(count, run)
      best = min(best, taken)
      spent += max(taken, 1e-6)
    }
    return kernel.operations * Double(count) / max(best, 1e-12)
  }

  private static func time(_ count: Int, _ run: () -> Void) -> Double {
    let began = StopWatch.threadSeconds()
    for _ in 0..<count { run() }
    return StopWatch.threadSeconds() - began
  }
}
