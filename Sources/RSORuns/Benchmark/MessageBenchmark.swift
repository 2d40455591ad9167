import RSORanks

/// The speed of messages between ranks that have nothing else to do.
package struct MessageBenchmark: Sendable, Hashable {
  /// Seconds of a message in which each rank gives one number: the median of many.
  package let latency: Double
  /// Bytes that a rank receives per second in a message of 256 KiB.
  package let bandwidth: Double

  package init(latency: Double, bandwidth: Double) {
    self.latency = latency
    self.bandwidth = bandwidth
  }

  private static let repetitions = (small: 300, large: 60)
  private static let largeCount = 32 << 10

  /// Times messages. All ranks have to call it.
  ///
  /// *Precondition:* there are several ranks.
  package init(_ ranks: any Ranks, clock: RunClock = .system) {
    let small = Self.median(ranks, total: ranks.count, Self.repetitions.small, clock)
    let large = Self.median(ranks, total: Self.largeCount, Self.repetitions.large, clock)
    let own = ranks.share(of: Self.largeCount).count
    latency = small
    bandwidth =
      Double((Self.largeCount - own) * MemoryLayout<Double>.size) / max(large - small, 1e-9)
  }

  /// The median time of a message of `total` numbers in all.
  private static func median(
    _ ranks: any Ranks, total: Int, _ repetitions: Int, _ clock: RunClock
  ) -> Double {
    var numbers = [Double](repeating: Double(ranks.rank), count: total)
    let times = numbers.withUnsafeMutableBufferPointer { buffer -> [Double] in
      guard let first = buffer.baseAddress else { return [] }
      return (0..<repetitions).map { _ in
        let began = clock.elapsed()
        ranks.gather(first, total: total, width: 1)
        return clock.elapsed() - began
      }
    }
    return times.sorted()[repetitions / 2]
  }
}
