import RSONumerics

/// The function that a pool applies to the numbers in its window.
package enum PoolingMode: String, Sendable, Codable, CaseIterable {
  case maximum = "max"
  case average
}

/// One operation of a network, in the order of evaluation.
///
/// An operation works on the output of the one before it; a `skip` adds an earlier output to it. The
/// operations carry their geometry. `StageGraph` refuses a geometry that this version does not
/// compute.
package enum LayerSpec: Sendable, Hashable {
  case convolution(name: String, filters: Int, geometry: Convolution, bias: Bool)
  /// A fully connected layer on a flat input, or on one number per channel.
  case linear(name: String, outputs: Int, bias: Bool)
  case pool(Pooling)
  /// Batch normalisation with gamma and beta. Its parameters belong to the convolution or linear
  /// layer that it follows directly (a skip or a pool may stand between), otherwise to a layer of its
  /// own, `name`.
  case batchNorm(name: String?)
  case activation(Activation)
  /// Adds the output of the block that begins with the layer named `from`: its value after that
  /// layer's batch norm (if it has one) and before any activation. Stands directly after a
  /// convolution or linear layer.
  ///
  /// With a projection, the value passes through a 1 x 1 convolution without bias and a batch norm of
  /// its own. Both belong to the layer `NAME.projection`, where NAME is the layer whose output the
  /// skip is added to.
  case skip(from: String, projection: Bool)
  case globalPool(PoolingMode)
  case flatten

  package static let relu = LayerSpec.activation(.relu)
  package static let averagePool = LayerSpec.pool(.halving)

  /// A k x k convolution with stride 1 and zero padding (k - 1) / 2.
  package static func convolution(
    name: String, filters: Int, kernel: Int, bias: Bool
  ) -> LayerSpec {
    .convolution(name: name, filters: filters, geometry: .same(kernel: kernel), bias: bias)
  }
}

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
