/// How long the cycle at hand and the run will still take.
///
/// Layers differ much in what a step of them takes, so each has a rate of its own: the one it was
/// timed with, or, until then, its rough cost at the speed seen so far. A layer whose steps cost next to
/// nothing tells nothing of the others' speed, so at first there may be no estimate.
package struct ProgressEstimate: Sendable {
  /// Work of one step of each layer, in any unit.
  private let costs: [Double]
  /// Steps of a cycle in each layer.
  private let steps: [Int]
  /// Layers in the order in which they are visited.
  private let order: [Int]
  /// What was timed of each layer, and of all together in units of cost.
  private var layers: [Timing]
  private var all = Timing()
  /// Seconds that it took to begin with each layer, the last time.
  private var beginnings: [Double]

  private struct Timing: Sendable {
    /// The past counts less and less, as other work on the machine comes and goes.
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

  package init(costs: [Double], steps: [Int], order: [Int]) {
    self.costs = costs
    self.steps = steps
    self.order = order
    layers = Array(repeating: Timing(), count: costs.count)
    beginnings = Array(repeating: 0, count: costs.count)
  }

  /// Takes note that `count` steps of `layer` took `seconds`.
  package mutating func observe(layer: Int, count: Int, seconds: Double) {
    guard count > 0, seconds > 0 else { return }
    layers[layer].add(work: Double(count), seconds: seconds)
    all.add(work: costs[layer] * Double(count), seconds: seconds)
  }

  /// Takes note that it took `seconds` to begin with `layer`, its first step included.
  package mutating func observeBeginning(layer: Int, seconds: Double) {
    beginnings[layer] = seconds
  }

  /// Of `layer`, of late; nil before it was timed.
  package func stepsPerSecond(layer: Int) -> Double? {
    layers[layer].secondsPerUnit.map { 1 / $0 }
  }

  /// Share of a cycle's cost that the layers must have which were timed, for an estimate.
  private static let leastShare = 0.01

  private var isKnown: Bool {
    let whole = zip(costs, steps).map { $0 * Double($1) }
    let timed = zip(whole, layers).reduce(0) { $0 + ($1.1.secondsPerUnit == nil ? 0 : $1.0) }
    return timed > 0 && timed >= Self.leastShare * whole.reduce(0, +)
  }

  /// Seconds that the rest of a cycle takes, from step `done` of `layer` on; nil before enough was
  /// timed.
  package func restOfCycle(layer: Int, done: Int) -> Double? {
    guard isKnown, let place = order.firstIndex(of: layer) else { return nil }
    guard let rate = secondsPerStep(layer) else { return nil }
    return rate * Double(steps[layer] - done) + whole(order[(place + 1)...])
  }

  package func wholeCycle() -> Double? { isKnown ? whole(order[...]) : nil }

  private func whole(_ layers: ArraySlice<Int>) -> Double {
    layers.reduce(0) { $0 + beginnings[$1] + (secondsPerStep($1) ?? 0) * Double(steps[$1]) }
  }

  private func secondsPerStep(_ layer: Int) -> Double? {
    layers[layer].secondsPerUnit ?? all.secondsPerUnit.map { $0 * costs[layer] }
  }
}
