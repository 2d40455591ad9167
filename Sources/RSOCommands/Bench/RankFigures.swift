import RSORanks
import RSORuns

/// The part of `rso bench` about several ranks: their messages, and the predicted time on other numbers of
/// cores. The name of each figure contains its unit.
struct RankFigures: Encodable {
  struct Cores: Encodable {
    var cores: Int
    var secondsPerCycle: Double
    var messageSecondsPerCycle: Double
    var efficiency: Double
  }

  var ranks: Int
  var library: String
  /// The time of a message of one number from each of these ranks.
  var latencyMicroseconds: Double
  /// Bytes that a rank receives per second in a large message, in millions.
  var bandwidthMegabytesPerSecond: Double
  var messagesPerCycle: Double
  /// Bytes that a rank receives in a cycle.
  var bytesPerCycle: Double
  /// The time of a cycle in messages, with waiting for other ranks.
  var messageSecondsPerCycle: Double
  var predicted: [Cores]

  private static let predictedCores = [1, 2, 4, 8, 16, 32, 64, 128, 256]

  /// - Parameters:
  ///   - cycle: The time of a cycle on this rank.
  ///   - computing: Seconds of a cycle's computations on all cores together.
  ///   - chunks: The chunks of a minibatch.
  init(
    count: Int, library: String, cycle: TimeTaken, computing: Double, chunks: Int,
    speed: MessageBenchmark
  ) {
    ranks = count
    self.library = library
    latencyMicroseconds = 1e6 * speed.latency
    bandwidthMegabytesPerSecond = speed.bandwidth / 1e6
    messagesPerCycle = cycle.traffic.messages
    bytesPerCycle = cycle.traffic.bytes
    messageSecondsPerCycle = cycle.traffic.seconds
    let model = ScalingModel(
      computing: computing, chunks: chunks, ranks: count, traffic: cycle.traffic, speed: speed)
    predicted = Self.predictedCores.map { cores in
      let prediction = model.prediction(cores: cores)
      return Cores(
        cores: cores, secondsPerCycle: prediction.seconds,
        messageSecondsPerCycle: prediction.messageSeconds, efficiency: prediction.efficiency)
    }
  }

  var text: String {
    var table = Table(columns: [.left("ranks"), .left("\(ranks), connected by \(library)")])
    table.add([
      "messages per cycle",
      "\(Numbers.grouped(Int(messagesPerCycle))), \(Numbers.bytes(Int(bytesPerCycle))) received, "
        + "\(Numbers.fixed(messageSecondsPerCycle, 2)) s",
    ])
    table.add([
      "speed of messages",
      "latency \(Numbers.fixed(latencyMicroseconds, 1)) us, bandwidth "
        + "\(Numbers.grouped(Int(min(bandwidthMegabytesPerSecond, 1e15)))) MB/s",
    ])
    return "\(table.description)\n\n\(coresTable)"
  }

  private var coresTable: String {
    Report(
      predicted,
      columns: [
        Column("cores", "cores", \.cores),
        Column("seconds_per_cycle", "per cycle", unit: "s", as: .fixed(2), \.secondsPerCycle),
        Column(
          "message_seconds_per_cycle", "in messages", unit: "s", as: .fixed(2),
          \.messageSecondsPerCycle),
        Column("efficiency", "efficiency", as: .percent, \.efficiency),
      ]
    ).table().description
  }
}
