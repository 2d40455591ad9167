/// Layers by the names of their operations.
extension LayerSpec {
  /// The type, as in an architecture's JSON.
  var typeName: String {
    switch self {
    case .weighted(let layer): layer.operation.typeName
    case .channelwise(let operation): operation.typeName
    case .batchNorm: "batch-norm"
    case .sampleNorm(_, let groups): groups == 1 ? "layer-norm" : "group-norm"
    case .skip: "skip"
    case .flatten: "flatten"
    case .mark: "mark"
    case .branch: "branch"
    case .concatenate: "concatenate"
    case .zeroChannels: "zero-channels"
    }
  }

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
