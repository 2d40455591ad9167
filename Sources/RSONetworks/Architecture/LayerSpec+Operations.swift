/// Layers by the names of their operations.
extension LayerSpec {
  package static let relu = LayerSpec.activation(.relu)
  package static let averagePool = LayerSpec.pool(.halving)

  package static func activation(_ activation: Activation) -> LayerSpec {
    .channelwise(.activation(activation))
  }

  package static func pool(_ pooling: Pooling) -> LayerSpec { .channelwise(.pool(pooling)) }

  package static func globalPool(_ mode: PoolingMode) -> LayerSpec {
    .channelwise(.globalPool(mode))
  }

  package static func convolution(
    name: String, filters: Int, geometry: Convolution, bias: Bool
  ) -> LayerSpec {
    .weighted(
      WeightedLayer(name: name, outputs: filters, operation: .convolution(geometry), bias: bias))
  }

  /// A k x k convolution with stride 1 that keeps the size of the plane.
  package static func convolution(
    name: String, filters: Int, kernel: Int, bias: Bool
  ) -> LayerSpec {
    .convolution(name: name, filters: filters, geometry: .same(kernel: kernel), bias: bias)
  }

  /// A fully connected layer on a flat input, or on one number per channel.
  package static func linear(name: String, outputs: Int, bias: Bool) -> LayerSpec {
    .weighted(WeightedLayer(name: name, outputs: outputs, operation: .linear, bias: bias))
  }
}
