extension LayerSpec {
  /// The value of the key "type" for each kind, in the order of the documentation.
  static let typeNames = [
    "convolution", "linear", "average-pool", "batch-norm", "relu", "leaky-relu", "tanh", "sign",
    "step", "identity", "skip", "global-pool", "flatten",
  ]

  /// Reads one entry of "layers". A name that is left out is empty until
  /// `Architecture.nameLayers(_:)` gives it.
  init(reading decoder: any Decoder) throws(ArchitectureError) {
    let reader = try SpecificationReader(decoder)
    let type = try reader.string("type")
    func keys(_ names: String...) throws(ArchitectureError) {
      try reader.refuseKeys(except: ["type"] + names, of: "'\(type)'")
    }
    switch type {
    case "convolution":
      try keys("name", "filters", "kernel", "bias")
      self = .convolution(
        name: try reader.stringIfPresent("name") ?? "",
        filters: try reader.integer("filters"),
        kernel: try reader.integerIfPresent("kernel") ?? 3,
        bias: try reader.flagIfPresent("bias") ?? false)
    case "linear":
      try keys("name", "outputs", "bias")
      self = .linear(
        name: try reader.stringIfPresent("name") ?? "",
        outputs: try reader.integer("outputs"),
        bias: try reader.flagIfPresent("bias") ?? false)
    case "average-pool":
      try keys()
      self = .averagePool
    case "batch-norm":
      try keys("name")
      self = .batchNorm(name: try reader.stringIfPresent("name"))
    case "leaky-relu":
      try keys("slope")
      let slope = try reader.numberIfPresent("slope") ?? Activation.defaultSlope
      guard (0...1).contains(slope) else {
        throw reader.wrong("slope", "expected a number from 0 to 1, not \(slope)")
      }
      self = .activation(.leakyReLU(slope: slope))
    case "skip":
      try keys("from", "projection")
      self = .skip(
        from: try reader.string("from"),
        projection: try reader.flagIfPresent("projection") ?? false)
    case "global-pool":
      try keys("mode")
      let name = try reader.string("mode")
      guard let mode = PoolingMode(rawValue: name) else {
        throw reader.wrong(
          "mode", KnownWords.poolingModes.refusal(of: name, "mode", list: "known modes"))
      }
      self = .globalPool(mode)
    case "flatten":
      try keys()
      self = .flatten
    default:
      if let activation = Activation.named(type) {
        try keys()
        self = .activation(activation)
        return
      }
      throw .invalid(
        position: reader.position,
        reason: KnownWords.layerTypes.refusal(of: type, "type", list: "known types"))
    }
  }
}

extension LayerSpec: Encodable {
  private enum Key: String, CodingKey {
    case type, name, filters, kernel, bias, outputs, from, projection, mode, slope
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .convolution(let name, let filters, let geometry, let bias):
      let kernel = geometry.window.kernel.height
      guard geometry == .same(kernel: kernel) else { throw unwritable(encoder) }
      try container.encode("convolution", forKey: .type)
      try container.encode(name, forKey: .name)
      try container.encode(filters, forKey: .filters)
      try container.encode(kernel, forKey: .kernel)
      try container.encode(bias, forKey: .bias)
    case .linear(let name, let outputs, let bias):
      try container.encode("linear", forKey: .type)
      try container.encode(name, forKey: .name)
      try container.encode(outputs, forKey: .outputs)
      try container.encode(bias, forKey: .bias)
    case .pool(let pooling):
      guard pooling == .halving else { throw unwritable(encoder) }
      try container.encode("average-pool", forKey: .type)
    case .batchNorm(let name):
      try container.encode("batch-norm", forKey: .type)
      try container.encodeIfPresent(name, forKey: .name)
    case .activation(let activation):
      try container.encode(activation.name, forKey: .type)
      if case .leakyReLU(let slope) = activation { try container.encode(slope, forKey: .slope) }
    case .skip(let from, let projection):
      try container.encode("skip", forKey: .type)
      try container.encode(from, forKey: .from)
      try container.encode(projection, forKey: .projection)
    case .globalPool(let mode):
      try container.encode("global-pool", forKey: .type)
      try container.encode(mode.rawValue, forKey: .mode)
    case .flatten:
      try container.encode("flatten", forKey: .type)
    }
  }

  /// The JSON has no keys for a geometry that is not computed, and must not lose one in silence.
  private func unwritable(_ encoder: any Encoder) -> EncodingError {
    .invalidValue(
      self,
      .init(codingPath: encoder.codingPath, debugDescription: "this geometry is not supported"))
  }
}
