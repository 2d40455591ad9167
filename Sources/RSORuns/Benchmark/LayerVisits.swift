import RSOSearch

/// The numbers of steps and minibatches of a layer in one cycle.
struct LayerVisits: Sendable {
  /// One step per parameter.
  private(set) var steps = 0
  /// Minibatches that the steps take, counted each time.
  private(set) var batches = 0
  /// The number of neurons by the minibatches that each takes.
  private var neurons: [Int: Int] = [:]

  /// The visits of each layer, in the order of `ParameterLayout.layers`.
  static func all(_ order: SearchOrder, hold: Int) -> [LayerVisits] {
    order.layout.layers.indices.map { layer in
      var visits = LayerVisits()
      for neuron in 0..<order.unitCount(layer: layer) {
        let count = order.unit(at: SearchCursor(cycle: 0, layer: layer, neuron: neuron))
          .addresses.count
        let batches = (count - 1) / hold + 1
        visits.steps += count
        visits.batches += batches
        visits.neurons[batches, default: 0] += 1
      }
      return visits
    }
  }

  /// The number of times that a neuron takes a minibatch for the first time, if `slots` minibatches are
  /// taken in turn.
  func first(slots: Int) -> Int { neurons.reduce(0) { $0 + $1.value * min($1.key, slots) } }

  /// The mean number of losses that a step evaluates. Of two candidates, the first is assumed to win half of
  /// the time.
  func losses(_ options: SearchOptions) -> Double {
    let known = options.hold > 1 ? 1 - Double(batches) / Double(max(1, steps)) : 0
    let rest = options.weights == .binary ? 1 : options.selection == .first ? 1.5 : 2
    return 1 - known + rest
  }
}
