/// The position of a search: the neuron that it searches next. A checkpoint stands on such a boundary.
package struct SearchCursor: Sendable, Hashable, Codable {
  /// The number of finished cycles.
  package var cycle: Int
  /// Index into `ParameterLayout.layers`.
  package var layer: Int
  /// Index into the layer's neuron units, in the order of visits.
  package var neuron: Int

  package init(cycle: Int, layer: Int, neuron: Int) {
    self.cycle = cycle
    self.layer = layer
    self.neuron = neuron
  }
}
