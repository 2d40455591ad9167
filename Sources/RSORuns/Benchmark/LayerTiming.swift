import RSOSearch

/// The time that the steps in one layer take.
package struct LayerTiming: Sendable, Hashable {
  package var layer: Int
  /// One step on a minibatch that the neuron has visited before.
  package var step: TimeTaken
  /// One step on a minibatch that the neuron visits for the first time.
  package var firstVisit: TimeTaken
  /// One step on a minibatch that the layer visits for the first time.
  package var load: TimeTaken

  package init(layer: Int, step: TimeTaken, firstVisit: TimeTaken, load: TimeTaken) {
    self.layer = layer
    self.step = step
    self.firstVisit = firstVisit
    self.load = load
  }

  /// The time of all steps of the layer in one cycle.
  ///
  /// - Parameter slots: Minibatches that are visited in turn. A neuron with n parameters visits
  ///   min(n, slots) of them for the first time.
  package func total(order: SearchOrder, slots: Int) -> TimeTaken {
    var steps = 0
    var firstVisits = 0
    for neuron in 0..<order.unitCount(layer: layer) {
      let unit = order.unit(at: SearchCursor(cycle: 0, layer: layer, neuron: neuron))
      steps += unit.addresses.count
      firstVisits += min(unit.addresses.count, slots)
    }
    return Double(steps) * step + Double(firstVisits) * (firstVisit - step)
      + Double(min(steps, slots)) * (load - firstVisit)
  }
}
