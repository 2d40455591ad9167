import RSONetworks

/// The parameters that are searched one after the other between two places where a checkpoint may
/// stand: those of one kind (a bias goes with its weights) that belong to one output and, where a layer
/// is searched by its inputs, to one input.
package struct NeuronUnit: Sendable, Hashable {
  /// Output channel or unit that the parameters belong to.
  package var output: Int
  /// In the order in which they are visited.
  package var addresses: [WeightAddress]
  /// Place of the first parameter among all of the layer's, in the order in which they are visited;
  /// the others follow it.
  package var firstOrdinal: Int
  /// Number of the first minibatch among all that the layer's steps take.
  package var firstBatch: Int

  package init(output: Int, addresses: [WeightAddress], firstOrdinal: Int, firstBatch: Int) {
    self.output = output
    self.addresses = addresses
    self.firstOrdinal = firstOrdinal
    self.firstBatch = firstBatch
  }
}
