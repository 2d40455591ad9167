import BackendConformance
import RSONetworks
import RSORanks
import RSORuns
import Testing

@Suite("The time on several ranks")
struct ScalingModelTests {
  /// A cycle that takes 157 s on one core, with 1000 messages of 3 MB, measured on two ranks.
  private let model = ScalingModel(
    computing: 157, chunks: 157, ranks: 2,
    traffic: Traffic(messages: 1000, bytes: 1.5e6, seconds: 1),
    speed: MessageBenchmark(latency: 1e-3, bandwidth: 1e6))

  @Test("one core only computes")
  func alone() {
    let prediction = model.prediction(cores: 1)
    #expect(prediction.seconds == 157)
    #expect(prediction.messageSeconds == 0)
    #expect(prediction.efficiency == 1)
  }

  @Test(
    "a core computes the largest share; messages take the latency once for each doubling, and the bytes",
    arguments: [
      (2, 79.0, 1.0), (3, 53.0, 2.0), (64, 3.0, 6.0), (157, 1.0, 8.0), (256, 1.0, 8.0),
    ])
  func several(cores: Int, share: Double, doublings: Double) {
    let prediction = model.prediction(cores: cores)
    let others = Double(cores - 1) / Double(cores)
    let talking = doublings + 3 * others
    #expect(abs(prediction.messageSeconds - talking) < 1e-9)
    #expect(abs(prediction.seconds - share - talking) < 1e-9)
    #expect(abs(prediction.efficiency * Double(cores) * prediction.seconds - 157) < 1e-9)
  }

  @Test("ranks time the same steps, and count the same messages")
  func layers() throws {
    let timings = try InProcessRanks.results(ofGroup: 2) { ranks in
      Result {
        let measured = MeasuredRanks(ranks)
        let benchmark = try LayerBenchmark(
          architecture: NetworkTable.network(named: "residual").architecture, batchSize: 64,
          slots: 2, leastSamples: 0, threads: 1, numericPath: "f32", ranks: measured,
          makeEvaluator: Backends.standard.factory(threads: 1, ranks: measured))
        let all = benchmark.order.layers.map { benchmark.time(layer: $0, seconds: 0.01) }
        return (all, benchmark.judging(training: 640, test: 64), MessageBenchmark(ranks))
      }
    }
    let (first, judging, speed) = try timings[0].get()
    let (second, others, _) = try timings[1].get()
    #expect(first.map(\.step.traffic.messages) == second.map(\.step.traffic.messages))
    for timing in first {
      #expect(timing.step.traffic.messages >= 1 && timing.step.traffic.bytes >= 8)
      #expect(timing.step.traffic.seconds <= timing.step.seconds)
    }
    #expect(judging.traffic.messages == others.traffic.messages)
    #expect(speed.latency > 0 && speed.bandwidth > 0)
  }
}
