/// How long the cycle at hand and the run will still take.
///
/// Layers differ much in what a step of them takes, so each has a rate of its own: the one it was
/// timed with, or, until then, its rough cost at the speed seen so far.
package struct ProgressEstimate: Sendable {
  /// Work of one step of each layer, in any unit.
  private let costs: [Double]
  /// Steps of a cycle in each layer.
  private let steps: [Int]
  /// Layers in the order in which they are visited.
  private let order: [Int]
  private var secondsPerStep: [Double?]
  private var timedSeconds = 0.0
  private var timedCost = 0.0

  package init(costs: [Double], steps: [Int], order: [Int]) {
    self.costs = costs
    self.steps = steps
    self.order = order
    secondsPerStep = Array(repeating: nil, count: costs.count)
  }

  /// Takes note that `count` steps of `layer` took `seconds`.
  package mutating func observe(layer: Int, count: Int, seconds: Double) {
    guard count > 0, seconds > 0 else { return }
    timedSeconds += seconds
    timedCost += costs[layer] * Double(count)
    let now = seconds / Double(count)
    // Recent steps count for more, as other work on the machine comes and goes.
    secondsPerStep[layer] = secondsPerStep[layer].map { 0.7 * $0 + 0.3 * now } ?? now
  }

  /// Seconds that the rest of a cycle takes, from step `done` of `layer` on; nil before anything was
  /// timed.
  package func restOfCycle(layer: Int, done: Int) -> Double? {
    guard let place = order.firstIndex(of: layer) else { return nil }
    return seconds(order[place...].map { ($0, steps[$0] - ($0 == layer ? done : 0)) })
  }

  package func wholeCycle() -> Double? { seconds(order.map { ($0, steps[$0]) }) }

  private func seconds(_ work: [(layer: Int, steps: Int)]) -> Double? {
    guard timedCost > 0 else { return nil }
    return work.reduce(0) { sum, part in
      let rate = secondsPerStep[part.layer] ?? costs[part.layer] * timedSeconds / timedCost
      return sum + rate * Double(part.steps)
    }
  }
}
