import RSONetworks

/// One finished step, for observers of a search.
package struct SearchStep: Sendable, Hashable {
  /// The neuron that is being searched.
  package var cursor: SearchCursor
  package var address: WeightAddress
  /// The parameter's index in the layer, in the order of visits.
  package var ordinal: Int
  package var choice: Choice
  /// The chosen candidate's loss; nil if nothing was proposed and therefore nothing compared.
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
