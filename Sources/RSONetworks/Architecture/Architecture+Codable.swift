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
    let all = layers.reduce(into: [String: Int]()) { counts, layer in
      if case .weighted(let layer) = layer { counts[layer.operation.typeName, default: 0] += 1 }
    }
    var seen: [String: Int] = [:]
    return layers.map { layer in
      guard case .weighted(var layer) = layer else { return layer }
      let type = layer.operation.typeName
      seen[type, default: 0] += 1
      if layer.name.isEmpty {
        layer.name = layer.operation.defaultName(seen[type] ?? 0, of: all[type] ?? 0)
      }
      return .weighted(layer)
    }
  }
}
