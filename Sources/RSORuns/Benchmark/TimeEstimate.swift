import RSONetworks
import RSOSearch

/// The times of a few steps of each layer on this machine, from which the time of a run is estimated.
///
/// A step's time is taken to be a constant plus a part that grows with the samples of the busiest worker, and to grow
/// with the losses that it evaluates. It is a rough estimate: `Benchmarks/scikit_learn.py` shows estimated and real times side by
/// side.
package struct TimeEstimate: Sendable {
  /// The layers, timed with minibatches of one size.
  package struct Timings: Sendable {
    /// The samples in a minibatch.
    package let batchSize: Int
    /// One timing per layer, in the order of `ParameterLayout.layers`, of steps of three losses.
    package let layers: [LayerTiming]

    package init(batchSize: Int, layers: [LayerTiming]) {
      self.batchSize = batchSize
      self.layers = layers
    }
  }

  /// The threads or compute units that share the chunks of a minibatch.
  package struct Workers: Sendable {
    package let count: Int
    /// Samples that a worker computes at a time, at most: the lanes of the widest kernels.
    package let lanes: Int

    package init(count: Int, lanes: Int = 16) {
      self.count = count
      self.lanes = lanes
    }

    /// The samples of a minibatch that the busiest worker computes, with the lanes that it leaves empty.
    package func busiest(of samples: Int) -> Int {
      let chunks = (Chunks.count(of: samples) + count - 1) / count
      let rows = (min(samples, chunks * Chunks.samples) + lanes - 1) / lanes
      return rows * lanes
    }

    /// The samples of which every worker has a chunk.
    fileprivate var full: Int { count * Chunks.samples }
  }

  package let workers: Workers
  /// Timings with small and with large minibatches, from which those with any others follow.
  package let small: Timings
  package let large: Timings
  /// Seconds per sample for the statistics of the training set, and for predictions.
  package let statistics: Double
  package let predictions: Double

  package init(
    workers: Workers, small: Timings, large: Timings, statistics: Double, predictions: Double
  ) {
    self.workers = workers
    self.small = small
    self.large = large
    self.statistics = statistics
    self.predictions = predictions
  }

  /// Times the steps of a plan's layers, on random samples and weights.
  ///
  /// - Parameters:
  ///   - computeUnits: Those of the device that computes; nil if the threads do.
  ///   - seconds: About how long to time repeated steps; the first steps come before.
  ///
  /// *Throws:* as `makeEvaluator` does; `ArchitectureError`; the failure of a device.
  package init(
    measuring plan: SearchPlan, threads: Int, computeUnits: Int? = nil, seconds: Double = 0.2,
    makeEvaluator: EvaluatorFactory
  ) throws {
    workers = Workers(count: max(1, computeUnits ?? threads))
    let graph = try StageGraph(plan.architecture)
    let count = graph.layout.layers.count
    func benchmark(_ batchSize: Int) throws -> LayerBenchmark {
      try LayerBenchmark(
        architecture: plan.architecture, batchSize: batchSize, slots: 2, leastSamples: 0,
        threads: threads, numericPath: plan.numericPath, makeEvaluator: makeEvaluator)
    }
    func timings(_ benchmark: LayerBenchmark) throws -> Timings {
      let timings = Timings(
        batchSize: benchmark.batchSize,
        layers: (0..<count).map {
          benchmark.time(layer: $0, seconds: seconds / Double(2 * count), summary: TimeTaken.least)
        })
      if let failure = benchmark.failure { throw failure }
      return timings
    }
    let size = Self.batchSize(plan, graph, workers)
    small = try timings(try benchmark(Self.smallBatchSize(size, workers)))
    let largest = try benchmark(size)
    large = try timings(largest)
    statistics = largest.judging(training: 1, test: 0).seconds
    predictions = largest.judging(training: 0, test: 1).seconds
  }

  /// The multiply-adds of a worker that are spent on timing, about half a second on one processor. More are spent
  /// where a chunk for each worker needs them.
  private static let work = 2e9

  /// The samples of a large timed minibatch: no more than the plan has.
  private static func batchSize(
    _ plan: SearchPlan, _ graph: StageGraph, _ workers: Workers
  ) -> Int {
    let steps = LayerCosts.perStep(graph)
    let perSample = steps.reduce(0) { $0 + 4 * LayerCosts.pass(graph) + 20 * $1 }
    let size = max(workers.full, Int(min(256, work * Double(workers.count) / perSample)))
    return min(size, plan.options.batchSize.within(cycles: plan.options.cycles).largest)
  }

  /// The samples of a small timed minibatch: half the work of the busiest worker, or less, if there is such a size.
  private static func smallBatchSize(_ size: Int, _ workers: Workers) -> Int {
    let quarter = max(1, size / 4)
    return 2 * workers.busiest(of: quarter) <= workers.busiest(of: size)
      ? quarter : min(size, workers.lanes)
  }

  /// The estimated seconds of a run; nil for proposals of a whole layer or network, whose steps are not
  /// timed.
  ///
  /// - Parameters:
  ///   - finished: The number of cycles that are finished.
  ///   - testsEachCycle: True if the test set is measured after each cycle.
  ///
  /// *Throws:* `ArchitectureError`.
  package func seconds(
    of plan: SearchPlan, from finished: Int = 0, testsEachCycle: Bool
  ) throws -> Double? {
    guard plan.options.granularity == .weight else { return nil }
    let graph = try StageGraph(plan.architecture)
    let visits = LayerVisits.all(
      SearchOrder(graph.layout, options: plan.options), hold: max(1, plan.options.hold))
    let judged = (plan.data.validationCount ?? 0) + (testsEachCycle ? plan.data.testCount : 0)
    // Forward, each layer begins with the statistics of those before it, which have just changed.
    let passes =
      plan.options.layers == .forward ? LayerCosts.sharesBefore(graph).reduce(0, +) : 1
    let cycle =
      Double(plan.data.trainingCount) * statistics * passes + Double(judged) * predictions
    // Cycles of one size take the same time, and there are few sizes.
    var times: [Int: Double] = [:]
    return (finished..<max(finished, plan.options.cycles)).reduce(0) { sum, number in
      let size = plan.options.batchSize.size(cycle: number)
      let steps =
        times[size]
        ?? visits.indices.reduce(0) {
          $0 + self.seconds(layer: $1, visits[$1], size, graph.layout, plan)
        }
      times[size] = steps
      return sum + cycle + steps
    }
  }

  /// The seconds of a layer's steps in a cycle with minibatches of `size`.
  private func seconds(
    layer: Int, _ visits: LayerVisits, _ size: Int, _ layout: ParameterLayout, _ plan: SearchPlan
  ) -> Double {
    let options = plan.options
    let count = plan.data.trainingCount
    let samples = options.batchSize(size, layer: layout.layers[layer].name, samples: count)
    let load = seconds(layer, \.load, samples)
    guard options.batching == .cyclic else { return Double(visits.steps) * load }
    let slots = options.phaseSamples(of: count) / samples
    let first = Double(visits.first(slots: slots))
    let loads = Double(min(visits.batches, slots))
    let step = seconds(layer, \.step, samples)
    let firstVisit = seconds(layer, \.firstVisit, samples)
    return Double(visits.steps) * step * visits.losses(options) / 3
      + first * max(0, firstVisit - step) + loads * max(0, load - firstVisit)
  }

  /// The seconds of one kind of step with this many samples: on the line through both timings by the samples of the
  /// busiest worker, which begins at 0 or above and does not fall.
  private func seconds(
    _ layer: Int, _ kind: KeyPath<LayerTiming, TimeTaken>, _ samples: Int
  ) -> Double {
    let most = large.layers[layer][keyPath: kind].seconds
    let (all, some) = (workers.busiest(of: large.batchSize), workers.busiest(of: small.batchSize))
    let perSample = most / Double(all)
    let work = Double(workers.busiest(of: samples))
    guard some < all else { return work * perSample }
    let least = small.layers[layer][keyPath: kind].seconds
    let slope = (most - least) / Double(all - some)
    let growth = min(perSample, max(0, slope))
    return most + growth * (work - Double(all))
  }
}
