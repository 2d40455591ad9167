import RSORanks

/// Predicts the time of a cycle on more or fewer cores, each a rank with one thread, from the time and the
/// messages of a cycle on the ranks that were measured.
///
/// A core computes the largest share of chunks. A message takes the latency once for each doubling of the
/// ranks, and the bytes of the other ranks' shares at the bandwidth: docs/scaling.md.
package struct ScalingModel: Sendable, Hashable {
  /// Seconds of a cycle's computations on one core.
  package let computing: Double
  /// The chunks of a minibatch.
  package let chunks: Int
  /// Messages of a cycle.
  package let messages: Double
  /// Bytes of a cycle's messages: of the shares of all ranks together.
  package let bytes: Double
  /// Seconds of a message for each doubling of the ranks.
  package let latency: Double
  /// Bytes that a rank receives per second.
  package let bandwidth: Double

  /// - Parameters:
  ///   - computing: Seconds of a cycle's computations on one core: those of all cores together.
  ///   - traffic: The messages of a cycle, as one of `ranks` ranks has counted them.
  ///
  /// *Precondition:* `ranks` is at least 2, `chunks` at least 1.
  package init(
    computing: Double, chunks: Int, ranks: Int, traffic: Traffic, speed: MessageBenchmark
  ) {
    precondition(ranks > 1 && chunks > 0)
    self.computing = computing
    self.chunks = chunks
    messages = traffic.messages
    bytes = traffic.bytes * Double(ranks) / Double(ranks - 1)
    latency = speed.latency / Self.doublings(ranks)
    bandwidth = speed.bandwidth
  }

  package struct Prediction: Sendable, Hashable {
    package var cores: Int
    package var seconds: Double
    /// The part of `seconds` in messages.
    package var messageSeconds: Double
    /// The speed divided by that of one core, and by the number of cores.
    package var efficiency: Double
  }

  package func prediction(cores: Int) -> Prediction {
    let share = Double((chunks + cores - 1) / cores) / Double(chunks)
    let others = Double(cores - 1) / Double(cores)
    let talking =
      cores == 1
      ? 0 : messages * latency * Self.doublings(cores) + bytes * others / bandwidth
    let seconds = computing * share + talking
    return Prediction(
      cores: cores, seconds: seconds, messageSeconds: talking,
      efficiency: computing / (Double(cores) * max(seconds, .leastNormalMagnitude)))
  }

  /// The rounds of a message in which each rank doubles what it knows.
  private static func doublings(_ ranks: Int) -> Double {
    Double(Int.bitWidth - (ranks - 1).leadingZeroBitCount)
  }
}
