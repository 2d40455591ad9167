import RSONumerics

/// The structure of a network, without the values of its parameters.
package struct Architecture: Sendable, Hashable {
  package var name: String
  /// The shape of one sample.
  package var input: ImageShape
  package var classes: Int
  /// The number that every batch norm adds to the variance. *Range:* above 0, at most 1.
  package var epsilon: Double
  package var layers: [LayerSpec]

  package init(
    name: String, input: ImageShape, classes: Int, epsilon: Double = 1e-5, layers: [LayerSpec]
  ) {
    self.name = name
    self.input = input
    self.classes = classes
    self.epsilon = epsilon
    self.layers = layers
  }
}
