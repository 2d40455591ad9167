import RSONetworks
import RSOSearch

/// The times of a few steps of each layer on this machine, from which the time of a run is estimated.
///
/// A step's time is taken to grow with its samples and with the losses that it evaluates. It is a rough
/// estimate: `Benchmarks/scikit_learn.py` shows estimated and real times side by side.
package struct TimeEstimate: Sendable {
  /// The samples in a timed minibatch.
  package let batchSize: Int
  /// One timing per layer, in the order of `ParameterLayout.layers`, of steps of three losses.
  package let layers: [LayerTiming]
  /// Seconds per sample for the statistics of the training set, and for predictions.
  package let statistics: Double
  package let predictions: Double

  package init(batchSize: Int, layers: [LayerTiming], statistics: Double, predictions: Double) {
    self.batchSize = batchSize
    self.layers = layers
    self.statistics = statistics
    self.predictions = predictions
  }

  /// Times the steps of a plan's layers, on random samples and weights.
  ///
  /// - Parameter seconds: About how long to time repeated steps; the first steps come before.
  ///
  /// *Throws:* as `makeEvaluator` does; `ArchitectureError`.
  package init(
    measuring plan: SearchPlan, threads: Int, seconds: Double = 0.2, makeEvaluator: EvaluatorFactory
  ) throws {
    let graph = try StageGraph(plan.architecture)
    batchSize = Self.batchSize(plan, graph)
    let benchmark = try LayerBenchmark(
      architecture: plan.architecture, batchSize: batchSize, slots: 2, leastSamples: 0,
      threads: threads, numericPath: plan.numericPath, makeEvaluator: makeEvaluator)
    let count = graph.layout.layers.count
    layers = (0..<count).map { benchmark.time(layer: $0, seconds: seconds / Double(count)) }
    statistics = benchmark.judging(training: 1, test: 0).seconds
    predictions = benchmark.judging(training: 0, test: 1).seconds
  }

  /// The multiply-adds that are spent on timing, about half a second on one processor.
  private static let work = 2e9

  /// The samples of a timed minibatch: few enough that timing is short, and no more than the plan has.
  private static func batchSize(_ plan: SearchPlan, _ graph: StageGraph) -> Int {
    let steps = LayerCosts.perStep(graph)
    let perSample = steps.reduce(0) { $0 + 4 * LayerCosts.pass(graph) + 20 * $1 }
    let size = Int(min(256, max(16, work / perSample)))
    return min(size, plan.options.batchSize.within(cycles: plan.options.cycles).largest)
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
        ?? layers.reduce(0) { $0 + self.seconds($1, visits[$1.layer], size, graph.layout, plan) }
      times[size] = steps
      return sum + cycle + steps
    }
  }

  /// The seconds of a layer's steps in a cycle with minibatches of `size`.
  private func seconds(
    _ timing: LayerTiming, _ visits: LayerVisits, _ size: Int, _ layout: ParameterLayout,
    _ plan: SearchPlan
  ) -> Double {
    let options = plan.options
    let count = plan.data.trainingCount
    let samples = options.batchSize(
      size, layer: layout.layers[timing.layer].name, samples: count)
    let growth = Double(samples) / Double(batchSize)
    guard options.batching == .cyclic else {
      return growth * Double(visits.steps) * timing.load.seconds
    }
    let slots = options.phaseSamples(of: count) / samples
    let first = Double(visits.first(slots: slots))
    let loads = Double(min(visits.batches, slots))
    return growth
      * (Double(visits.steps) * timing.step.seconds * visits.losses(options) / 3
        + first * max(0, timing.firstVisit.seconds - timing.step.seconds)
        + loads * max(0, timing.load.seconds - timing.firstVisit.seconds))
  }
}
