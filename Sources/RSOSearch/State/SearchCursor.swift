/// The neuron that a search stands before. A checkpoint stands on such a boundary.
package struct SearchCursor: Sendable, Hashable, Codable {
  /// Finished cycles.
  package var cycle: Int
  /// Index into `ParameterLayout.layers`.
  package var layer: Int
  /// Index into the layer's neuron units, in the order in which they are visited.
  package var neuron: Int

  package init(cycle: Int, layer: Int, neuron: Int) {
    self.cycle = cycle
    self.layer = layer
    self.neuron = neuron
  }
}
