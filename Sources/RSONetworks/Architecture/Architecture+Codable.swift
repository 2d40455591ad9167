import RSONumerics

/// The JSON of an architecture. It is meant to be written by hand: everything that has a default may
/// be left out, and an error names its place.
///
///     {"name": "tiny", "input": [1, 28, 28], "classes": 10, "layers": [
///       {"type": "convolution", "filters": 16}, {"type": "batch-norm"}, {"type": "relu"},
///       {"type": "global-pool", "mode": "average"}, {"type": "linear", "outputs": 10}]}
extension Architecture: Codable {
  private enum Key: String, CodingKey {
    case name, input, classes, epsilon, layers
  }

  /// *Throws:* `ArchitectureError` for the first error inside the object.
  package init(from decoder: any Decoder) throws {
    let reader = try SpecificationReader(decoder)
    try reader.refuseKeys(
      except: ["name", "input", "classes", "epsilon", "layers"], of: "an architecture")
    let input = try reader.integers("input", count: 3, "[channels, height, width]")
    let layers = try reader.elements("layers", atMost: ArchitectureLimits.layers) {
      decoder throws(ArchitectureError) in
      try LayerSpec(reading: decoder)
    }
    self.init(
      name: try reader.stringIfPresent("name") ?? "network",
      input: ImageShape(channels: input[0], height: input[1], width: input[2]),
      classes: try reader.integer("classes"),
      epsilon: try reader.numberIfPresent("epsilon") ?? 1e-5,
      layers: Self.nameLayers(layers))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode([input.channels, input.height, input.width], forKey: .input)
    try container.encode(classes, forKey: .classes)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(layers, forKey: .layers)
  }

  /// Names the layers without a name: the nth convolution `convN`; the nth linear layer `fcN`, or
  /// `fc` if it is the only one.
  private static func nameLayers(_ layers: [LayerSpec]) -> [LayerSpec] {
    let linearLayers = layers.reduce(0) { count, layer in
      if case .linear = layer { count + 1 } else { count }
    }
    var convolution = 0
    var linear = 0
    return layers.map { layer in
      switch layer {
      case .convolution(let name, let filters, let geometry, let bias):
        convolution += 1
        return .convolution(
          name: name.isEmpty ? "conv\(convolution)" : name, filters: filters, geometry: geometry,
          bias: bias)
      case .linear(let name, let outputs, let bias):
        linear += 1
        let ownName = linearLayers == 1 ? "fc" : "fc\(linear)"
        return .linear(name: name.isEmpty ? ownName : name, outputs: outputs, bias: bias)
      default:
        return layer
      }
    }
  }
}
