import RSONetworks

/// The parameters that are searched between two positions at which a checkpoint may stand.
///
/// They are of one kind (a bias goes with its weights) and belong to one output. If a layer is searched
/// input by input, its weights belong to one input as well.
package struct NeuronUnit: Sendable, Hashable {
  /// The output channel or unit that the parameters belong to.
  package var output: Int
  /// In the order in which they are visited.
  package var addresses: [WeightAddress]
  /// The first parameter's index in the layer, in the order of visits. The other parameters follow
  /// it.
  package var firstOrdinal: Int
  /// The ordinal of the unit's first minibatch in the layer.
  package var firstBatch: Int

  package init(output: Int, addresses: [WeightAddress], firstOrdinal: Int, firstBatch: Int) {
    self.output = output
    self.addresses = addresses
    self.firstOrdinal = firstOrdinal
    self.firstBatch = firstBatch
  }
}
