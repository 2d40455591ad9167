import RSONetworks

/// One finished comparison, for whoever watches a search.
package struct SearchStep: Sendable, Hashable {
  /// The neuron at hand.
  package var cursor: SearchCursor
  package var address: WeightAddress
  /// Place among the layer's parameters, in the order in which they are visited.
  package var ordinal: Int
  package var choice: Choice
  /// The chosen candidate's loss; nil where nothing was proposed, and so nothing compared.
  package var loss: Double?

  package init(
    cursor: SearchCursor, address: WeightAddress, ordinal: Int, choice: Choice, loss: Double?
  ) {
    self.cursor = cursor
    self.address = address
    self.ordinal = ordinal
    self.choice = choice
    self.loss = loss
  }
}
