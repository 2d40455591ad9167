import RSONetworks

/// How fast one core computes, with its operands in its own caches.
package enum KernelBenchmark {
  /// One repetition: long against the clock's resolution, short against the times for which other
  /// programs leave a core alone.
  private static let repetitionSeconds = 2e-3

  /// Floating-point operations a second: the best of several repetitions, in processor time of the
  /// thread, so that what else runs on the machine shows as little as it can.
  ///
  /// - Parameter seconds: How long to try.
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
