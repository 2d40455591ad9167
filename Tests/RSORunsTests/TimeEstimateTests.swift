import RSONetworks
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("TimeEstimate")
struct TimeEstimateTests {
  /// One second for a step of three losses on two samples; more for first visits. `constant` seconds of each are
  /// there with minibatches of any size.
  private func estimate(
    statistics: Double = 0, predictions: Double = 0, constant: Double = 0
  ) -> TimeEstimate {
    func timings(_ batchSize: Int) -> TimeEstimate.Timings {
      func taken(_ seconds: Double) -> TimeTaken {
        let seconds = constant + Double(batchSize) / 2 * seconds
        return TimeTaken(seconds: seconds, processorSeconds: seconds)
      }
      return TimeEstimate.Timings(
        batchSize: batchSize,
        layers: (0..<2).map {
          LayerTiming(layer: $0, step: taken(1), firstVisit: taken(3), load: taken(10))
        })
    }
    return TimeEstimate(
      workers: TimeEstimate.Workers(count: 1, lanes: 1), small: timings(1), large: timings(2),
      statistics: statistics, predictions: predictions)
  }

  private func seconds(
    _ estimate: TimeEstimate, from finished: Int = 0, testsEachCycle: Bool = false,
    _ change: (inout SearchOptions) -> Void = { _ in }
  ) throws -> Double? {
    try estimate.seconds(
      of: SmallRun.plan(change), from: finished, testsEachCycle: testsEachCycle)
  }

  /// The run has 26 samples. Its cycles have 33 steps in 13 neurons: conv1 has 20 weights and biases in 2,
  /// and 2 betas and 2 gammas in 4; fc has 9 in 3. Minibatches of 6 make 4 slots.
  @Test("steps, first visits and loads add up, and grow with the minibatch")
  func steps() throws {
    let neurons = [10, 10, 1, 1, 1, 1, 3, 3, 3].map { min($0, 4) }.reduce(0, +)
    let cycle = 3 * (33.0 + 2 * Double(neurons) + 7 * 8)
    #expect(try seconds(estimate()) == 2 * cycle)
    #expect(try seconds(estimate(), from: 1) == cycle)
    #expect(try seconds(estimate(), from: 2) == 0)
    #expect(try seconds(estimate()) { $0.cycles = 5 } == 5 * cycle)
    let growing = try #require(BatchSchedule("6:1,12"))
    let schedule = try seconds(estimate()) { $0.batchSize = growing }
    let second =
      6
      * (33.0 + 2 * Double([10, 10, 1, 1, 1, 1, 3, 3, 3].map { min($0, 2) }.reduce(0, +)) + 7 * 4)
    #expect(schedule == cycle + second)
  }

  @Test("the part of a step that does not grow with its samples counts once a step")
  func constants() throws {
    let base = try #require(try seconds(estimate()))
    // 33 steps in each of two cycles.
    #expect(try seconds(estimate(constant: 0.5)) == base + 2 * 33 * 0.5)
  }

  @Test(
    "the busiest of several threads counts, with whole chunks and the lanes that it leaves empty")
  func busiest() {
    let workers = TimeEstimate.Workers(count: 2, lanes: 16)
    let samples = [1, 16, 17, 32, 33, 64, 65, 96, 100, 128, 129, 500]
    #expect(
      samples.map(workers.busiest) == [16, 16, 32, 32, 32, 32, 64, 64, 64, 64, 96, 256])
  }

  @Test("two threads take half the time for many samples, and no less for a single chunk")
  func threads() throws {
    // A second for 32 samples of one thread, and half a second for 16.
    func timings(_ batchSize: Int, _ seconds: Double) -> TimeEstimate.Timings {
      let taken = TimeTaken(seconds: seconds, processorSeconds: seconds)
      return TimeEstimate.Timings(
        batchSize: batchSize,
        layers: (0..<2).map { LayerTiming(layer: $0, step: taken, firstVisit: taken, load: taken) })
    }
    func steps(_ threads: Int, _ size: Int) throws -> Double {
      let estimate = TimeEstimate(
        workers: TimeEstimate.Workers(count: threads), small: timings(16, 0.5),
        large: timings(32 * threads, 1), statistics: 0, predictions: 0)
      var plan = SmallRun.plan { $0.batchSize = BatchSchedule(size) }
      plan.data.trainingCount = 10_000
      return try #require(try estimate.seconds(of: plan, testsEachCycle: false)) / 66
    }
    #expect(try [16, 32, 64, 1024].map { try steps(1, $0) } == [0.5, 1, 2, 32])
    #expect(try [16, 32, 64, 1024].map { try steps(2, $0) } == [0.5, 1, 1, 16])
  }

  @Test("a held minibatch and the first improvement cost fewer losses")
  func losses() throws {
    let whole = try #require(try seconds(estimate()) { $0.batchSize = 26 })
    let first = try #require(
      try seconds(estimate()) {
        $0.batchSize = 26
        $0.selection = .first
      })
    // 33 steps of 2.5 losses in place of 3, on 13 times the samples, in two cycles.
    #expect(abs(whole - first - 2 * 13 * 33 * 0.5 / 3) < 1e-9)
    let held = try #require(
      try seconds(estimate()) {
        $0.batchSize = 26
        $0.hold = 16
      })
    // 24 of 33 losses are known.
    #expect(abs(whole - held - 2 * 13 * 24.0 / 3) < 1e-9)
  }

  @Test("statistics and judged samples count for each cycle")
  func judging() throws {
    let base = try #require(try seconds(estimate()))
    let both = estimate(statistics: 0.5, predictions: 0.25)
    #expect(try seconds(both) == base + 2 * 26 * 0.5)
    #expect(try seconds(both, testsEachCycle: true) == base + 2 * (26 * 0.5 + 9 * 0.25))
    let forward = try #require(try seconds(both) { $0.layers = .forward })
    #expect(forward > base && forward < base + 2 * 2 * 26 * 0.5)
  }

  @Test("proposals for whole layers have no estimate; every other plan has one that is above 0")
  func kinds() throws {
    #expect(try seconds(estimate()) { $0.granularity = .layer } == nil)
    let plan = SmallRun.plan { $0.batching = .random }
    let measured = try TimeEstimate(
      measuring: plan, threads: 1, seconds: 0, makeEvaluator: SmallRun.evaluator)
    #expect(
      measured.large.batchSize == 6 && measured.small.batchSize == 6
        && measured.large.layers.count == 2)
    #expect(try #require(try measured.seconds(of: plan, testsEachCycle: true)) > 0)
  }
}
