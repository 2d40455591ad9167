import RSONetworks
import RSONumerics
import RSORanks
import RSOSearch

/// Times the steps of a search, layer by layer, on some of a run's minibatches.
///
/// Images and weights are random: the time of a step does not depend on their values.
package struct LayerBenchmark {
  /// Samples in all timed minibatches together, at least. They do not fit into a cache.
  package static let leastSamples = 10_000
  private static let mostSteps = 400

  package let order: SearchOrder
  package let batchSize: Int
  /// Minibatches of the run's rotation, and those that are timed.
  package let slots: Int
  private let timedSlots: Int
  private let watch: StopWatch
  private let evaluator: any Evaluator
  private let samples: Samples
  private let ranks: any Ranks

  /// - Parameters:
  ///   - slots: Minibatches in a rotation of the run.
  ///   - leastSamples: The samples in all timed minibatches together, at least, if the run has as many;
  ///     there are two minibatches or more.
  ///   - ranks: The processes that share the evaluator's minibatches: all of them time the same steps.
  ///     nil for a single process.
  ///
  /// *Throws:* as `makeEvaluator` does.
  package init(
    architecture: Architecture, batchSize: Int, slots: Int, leastSamples: Int = leastSamples,
    threads: Int, numericPath: String, ranks: MeasuredRanks? = nil,
    makeEvaluator: EvaluatorFactory
  ) throws {
    let layout = try StageGraph(architecture).layout
    order = SearchOrder(layout, options: SearchOptions())
    self.batchSize = batchSize
    self.slots = slots
    timedSlots = Self.timedSlots(
      batchSize: batchSize, slots: slots, leastSamples: leastSamples)
    watch = StopWatch(threads: threads, ranks: ranks)
    self.ranks = ranks ?? SoleRank()
    samples = Self.samples(architecture, count: timedSlots * batchSize)
    evaluator = try makeEvaluator(
      architecture, samples, Initializer.parameters(layout: layout, seed: 1), numericPath)
  }

  /// The reason why the times mean nothing, such as a device that was lost; nil if they do.
  package var failure: (any Error)? { evaluator.failure }

  /// The number of minibatches that are timed.
  package static func timedSlots(
    batchSize: Int, slots: Int, leastSamples: Int = leastSamples
  ) -> Int {
    min(slots, max(2, leastSamples / batchSize))
  }

  private static func samples(_ architecture: Architecture, count: Int) -> Samples {
    var random = RandomKey(seed: 1, purpose: .minibatch).stream(0)
    let shape = architecture.input
    return Samples(
      shape: shape, outputs: architecture.classes,
      inputs: .bytes(
        (0..<count * shape.count).map { _ in UInt8(truncatingIfNeeded: random.next()) },
        values: (0..<256 * shape.channels).map { Float($0 % 256) / 74 - 1.73 }),
      targets: .classes((0..<count).map { _ in UInt16(random.next(below: architecture.classes)) }))
  }

  /// Times the passes that end a cycle: statistics of the training set, and predictions for the
  /// test set.
  ///
  /// - Returns: The time for these numbers of samples.
  package func judging(training: Int, test: Int) -> TimeTaken {
    var statistics: NormalizationStatistics?
    let taken = watch.time { statistics = evaluator.trainingSetStatistics() }
    guard let statistics else { return taken }
    let answering = watch.time {
      _ = evaluator.predictions(for: samples, statistics: statistics)
    }
    let count = Double(samples.count)
    var all = Double(training) / count * taken + Double(test) / count * answering
    // More samples make larger messages, not more of them.
    all.traffic.messages = (taken + answering).traffic.messages
    return all
  }

  /// - Parameters:
  ///   - seconds: About how long to time steps, besides the first visits that come before.
  ///   - summary: The figure that stands for the times of equal steps.
  package func time(
    layer: Int, seconds: Double, summary: ([TimeTaken]) -> TimeTaken = TimeTaken.median
  ) -> LayerTiming {
    // The second time counts: the system gives memory at the first use, once in a run.
    var loads: [TimeTaken] = []
    for _ in 0..<2 {
      evaluator.beginLayer(layer, slots: timedSlots)
      loads = (0..<timedSlots).map { step($0, neuron: 0, slot: $0, isFirst: $0 == 0) }
    }
    let neurons = order.layout.layers[layer].outputs
    // The neurons that share a part of their base sums are visited in a row: that part is computed
    // once, whichever of them comes first.
    let neuron = evaluator.neuronsSharingWork(inLayer: layer)
    let visits = (1...neuron).flatMap { neuron in
      (0..<timedSlots).map { step($0, neuron: neuron % neurons, slot: $0, isFirst: $0 == 0) }
    }

    func step(_ place: Int, neuron: Int, slot: Int, isFirst: Bool) -> TimeTaken {
      let unit = order.unit(at: SearchCursor(cycle: 0, layer: layer, neuron: neuron))
      if isFirst { evaluator.beginNeuron(output: unit.output) }
      return self.step(place, of: unit, slot: slot)
    }

    let unit = order.unit(at: SearchCursor(cycle: 0, layer: layer, neuron: neuron % neurons))
    let firstVisit = TimeTaken.mean(visits)
    var steps: [TimeTaken] = []
    if unit.addresses.count > slots {
      var spent = 0.0
      while steps.count < timedSlots || (spent < seconds && steps.count < Self.mostSteps) {
        steps.append(
          step(
            steps.count, neuron: neuron % neurons, slot: steps.count % timedSlots, isFirst: false))
        // All ranks have to make the same steps.
        spent += ranks.values(of: steps[steps.count - 1].seconds)[0]
      }
    }
    return LayerTiming(
      layer: layer, step: steps.isEmpty ? firstVisit : summary(steps), firstVisit: firstVisit,
      load: summary(loads))
  }

  /// Times one step. Then changes as many weights as a run changes between two visits of a
  /// minibatch.
  private func step(_ place: Int, of unit: NeuronUnit, slot: Int) -> TimeTaken {
    let address = unit.addresses[place % unit.addresses.count]
    let offset = order.layout.offset(of: address)
    let value = evaluator.parameters[offset]
    let candidates = Candidates(
      address: address, current: value, plus: value + 0.05, minus: value - 0.05)
    let first = Int32(slot * batchSize)
    let minibatch = Minibatch(
      samples: Array(first..<first + Int32(batchSize)), slot: slot)
    let work = evaluator.deviceWork
    var taken = watch.time { _ = evaluator.losses(of: candidates, on: minibatch) }
    taken.device = DeviceTraffic(from: work, to: evaluator.deviceWork)
    for change in 0..<max(1, slots / timedSlots) {
      let address = unit.addresses[(place + change) % unit.addresses.count]
      let value = evaluator.parameters[order.layout.offset(of: address)]
      evaluator.commit(Perturbation(address: address, value: value * 0.999 + 0.001))
    }
    return taken
  }
}
