import RSONetworks
import RSOSearch

/// The estimated time until the end of the cycle under way and of the run.
///
/// The duration of a step differs much between layers, so each layer has its own rate: the measured one
/// or, until then, its approximate cost at the speed measured so far. It is taken to grow with the samples of
/// the minibatch, of which a plan may have more in later cycles. A layer with very cheap steps says little
/// about the speed of the others, so there may be no estimate at first.
package struct ProgressEstimate: Sendable {
  /// The work of one step of each layer for a sample, in any unit.
  private let costs: [Double]
  /// The number of steps of each layer in a cycle.
  private let steps: [Int]
  /// The layers in the order of the search.
  private let order: [Int]
  /// The number of cycles of the run.
  private let cycles: Int
  /// The samples in a minibatch of a layer in a cycle, both from 0.
  private let samples: @Sendable (_ layer: Int, _ cycle: Int) -> Int
  /// The times of each layer in samples, and of all layers together in units of cost.
  private var layers: [Timing]
  private var all = Timing()
  /// Seconds from the previous step to the first step of each layer, in the latest cycle.
  private var beginnings: [Double]

  private struct Timing: Sendable {
    /// Seconds after which a measurement counts half, because the load of the machine changes.
    private static let memory = 10.0
    private var seconds = 0.0
    private var work = 0.0

    var secondsPerUnit: Double? { work > 0 ? seconds / work : nil }

    mutating func add(work: Double, seconds: Double) {
      let fading = Self.memory / (Self.memory + seconds)
      self.seconds = self.seconds * fading + seconds
      self.work = self.work * fading + work
    }
  }

  package init(
    costs: [Double], steps: [Int], order: [Int], cycles: Int = 1,
    samples: @escaping @Sendable (_ layer: Int, _ cycle: Int) -> Int = { _, _ in 1 }
  ) {
    self.costs = costs
    self.steps = steps
    self.order = order
    self.cycles = cycles
    self.samples = samples
    layers = Array(repeating: Timing(), count: costs.count)
    beginnings = Array(repeating: 0, count: costs.count)
  }

  /// The estimate for a plan.
  package init(_ plan: SearchPlan, _ graph: StageGraph) {
    let (options, layers) = (plan.options, graph.layout.layers)
    let (names, samples) = (layers.map(\.name), plan.data.trainingCount)
    self.init(
      costs: LayerCosts.perStep(graph), steps: layers.map(\.parameterCount),
      order: SearchOrder(graph.layout, options: options).layers, cycles: options.cycles
    ) { layer, cycle in
      options.batchSize(
        options.batchSize.size(cycle: cycle), layer: names[layer], samples: samples)
    }
  }

  /// The work of each cycle, in units of cost: it grows with the samples of the minibatches.
  package var work: [Double] {
    (0..<cycles).map { cycle in
      order.reduce(0) { $0 + costs[$1] * Double(steps[$1]) * Double(samples($1, cycle)) }
    }
  }

  /// Records that `count` steps of `layer` took `seconds`.
  package mutating func observe(layer: Int, cycle: Int = 0, count: Int, seconds: Double) {
    guard count > 0, seconds > 0 else { return }
    let work = Double(count) * Double(samples(layer, cycle))
    layers[layer].add(work: work, seconds: seconds)
    all.add(work: costs[layer] * work, seconds: seconds)
  }

  /// Records that `layer` took `seconds` until the end of its first step.
  package mutating func observeBeginning(layer: Int, seconds: Double) {
    beginnings[layer] = seconds
  }

  /// Returns the recent speed of a layer; nil until it was timed.
  package func stepsPerSecond(layer: Int, cycle: Int = 0) -> Double? {
    layers[layer].secondsPerUnit.map { 1 / ($0 * Double(samples(layer, cycle))) }
  }

  /// The share of a cycle's cost that must have been timed before there is an estimate.
  private static let leastShare = 0.01

  private var isKnown: Bool {
    let whole = zip(costs, steps).map { $0 * Double($1) }
    let timed = zip(whole, layers).reduce(0) { $0 + ($1.1.secondsPerUnit == nil ? 0 : $1.0) }
    return timed > 0 && timed >= Self.leastShare * whole.reduce(0, +)
  }

  /// Returns the seconds until the end of a cycle, from step `done` of `layer` on; nil until enough was
  /// timed.
  package func restOfCycle(layer: Int, done: Int, cycle: Int = 0) -> Double? {
    guard isKnown, let place = order.firstIndex(of: layer) else { return nil }
    guard let rate = secondsPerStep(layer, cycle) else { return nil }
    return rate * Double(steps[layer] - done) + whole(order[(place + 1)...], cycle)
  }

  /// Returns the seconds from the beginning of a cycle to the end of the run; nil until enough was timed.
  package func restOfRun(from cycle: Int) -> Double? {
    isKnown ? (cycle..<max(cycle, cycles)).reduce(0) { $0 + whole(order[...], $1) } : nil
  }

  private func whole(_ layers: ArraySlice<Int>, _ cycle: Int) -> Double {
    layers.reduce(0) {
      $0 + beginnings[$1] + (secondsPerStep($1, cycle) ?? 0) * Double(steps[$1])
    }
  }

  private func secondsPerStep(_ layer: Int, _ cycle: Int) -> Double? {
    (layers[layer].secondsPerUnit ?? all.secondsPerUnit.map { $0 * costs[layer] })
      .map { $0 * Double(samples(layer, cycle)) }
  }
}
