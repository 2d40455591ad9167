/// The quality of a network on a set of samples.
package struct SetScore: Sendable, Hashable {
  /// The mean of the run's loss over the samples.
  package var loss: Double
  /// The share of correctly classified samples, 0 to 1; nil for other tasks.
  package var accuracy: Double?

  package init(loss: Double, accuracy: Double?) {
    self.loss = loss
    self.accuracy = accuracy
  }
}
