import RSONumerics

/// The structure of a network, without the values of its parameters; or the blocks of parameters of a function
/// that no network computes.
package struct Architecture: Sendable, Hashable {
  package var name: String
  /// The shape of one sample.
  package var input: ImageShape
  /// The number of outputs: one for each class, label or number of a sample.
  package var classes: Int
  /// The number that every batch norm adds to the variance. *Range:* above 0, at most 1.
  package var epsilon: Double
  package var layers: [LayerSpec]
  /// The parameters of a function that a program of a user computes; empty for a network.
  package var blocks: [ParameterBlock] = []

  package init(
    name: String, input: ImageShape, classes: Int, epsilon: Double = 1e-5, layers: [LayerSpec]
  ) {
    self.name = name
    self.input = input
    self.classes = classes
    self.epsilon = epsilon
    self.layers = layers
  }

  /// The parameters of a function that a program of a user computes. In the places of a network's input and
  /// outputs stands a single number.
  package init(name: String, blocks: [ParameterBlock]) {
    self.init(
      name: name, input: ImageShape(channels: 1, height: 1, width: 1), classes: 1, layers: [])
    self.blocks = blocks
  }

  /// The names and places of all parameters.
  ///
  /// *Throws:* `ArchitectureError` for the first error in the description.
  package func layout() throws(ArchitectureError) -> ParameterLayout {
    blocks.isEmpty ? try StageGraph(self).layout : try ParameterLayout(blocks, of: self)
  }

  /// *Throws:* `ArchitectureError.noNetwork` for the parameters of a function that a program of a user computes.
  package func requireNetwork() throws(ArchitectureError) {
    guard blocks.isEmpty else { throw .noNetwork(name) }
  }
}
