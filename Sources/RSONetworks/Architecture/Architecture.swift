import RSONumerics

/// How a feature map becomes one number a channel.
package enum PoolingMode: String, Sendable, Codable, CaseIterable {
  case maximum = "max"
  case average
}

/// One operation of a network, in the order of evaluation.
///
/// An operation works on the output of the one before it; a `skip` adds an earlier output to it.
package enum LayerSpec: Sendable, Hashable {
  /// k x k convolution, stride 1, zero padding (k - 1) / 2, k odd.
  case convolution(name: String, filters: Int, kernel: Int, bias: Bool)
  /// Fully connected layer on a flat input, or on one number a channel.
  case linear(name: String, outputs: Int, bias: Bool)
  /// 2 x 2 average pool, stride 2; an odd last row or column is dropped.
  case averagePool
  /// Batch normalisation with gamma and beta. Its parameters belong to the convolution or linear
  /// layer that it follows directly (a skip or a pool may stand between), or else to a layer of its
  /// own, `name`.
  case batchNorm(name: String?)
  case activation(Activation)
  /// Adds the output of the block that begins with the layer named `from`: its value after that
  /// layer's batch norm (if it has one) and before any activation. With a projection, the value passes
  /// through a 1 x 1 convolution without bias and a batch norm of its own; both belong to the layer
  /// `NAME.projection`, NAME being the layer whose output the skip is added to. Stands directly
  /// after a convolution or linear layer.
  case skip(from: String, projection: Bool)
  case globalPool(PoolingMode)
  case flatten

  package static let relu = LayerSpec.activation(.relu)
}

/// A network as a value: what is computed, without its numbers.
package struct Architecture: Sendable, Hashable {
  package var name: String
  /// Shape of one sample.
  package var input: ImageShape
  package var classes: Int
  /// Epsilon of every batch norm.
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
