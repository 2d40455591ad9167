import RSONumerics

/// The JSON of an architecture. It is meant to be written by hand: everything that has a default may
/// be left out, and an error names its place. In version 2, a layer that no norm follows has a bias unless it
/// says otherwise; in version 1, the default, it has none. What is written says it for every layer, and so
/// needs no version.
///
///     {"name": "tiny", "input": [1, 28, 28], "classes": 10, "layers": [
///       {"type": "convolution", "filters": 16}, {"type": "batch-norm"}, {"type": "relu"},
///       {"type": "global-pool", "mode": "average"}, {"type": "linear", "outputs": 10}]}
///
/// A function that no network computes has blocks of parameters in place of all but its name:
///
///     {"name": "cart-pole", "parameters": [
///       {"name": "force", "outputs": 1, "inputs": 4, "deviation": 1}]}
extension Architecture: Codable {
  private enum Key: String, CodingKey {
    case name, input, classes, epsilon, layers, parameters
  }

  /// *Throws:* `ArchitectureError` for the first error inside the object.
  package init(from decoder: any Decoder) throws {
    let reader = try SpecificationReader(decoder)
    if reader.contains("parameters") {
      try reader.refuseKeys(except: ["name", "parameters"], of: "blocks of parameters")
      let blocks = try reader.elements("parameters", atMost: ArchitectureLimits.layers) {
        decoder throws(ArchitectureError) in try ParameterBlock(reading: decoder)
      }
      guard !blocks.isEmpty else { throw reader.wrong("parameters", "expected at least one block") }
      self.init(name: try reader.string("name"), blocks: blocks)
      return
    }
    try reader.refuseKeys(
      except: ["name", "input", "classes", "epsilon", "layers", "version"],
      of: "an architecture")
    let input = try reader.integers("input", count: 3, "[channels, height, width]")
    var hasBias: [Bool] = []
    var layers = try reader.elements("layers", atMost: ArchitectureLimits.layers) {
      decoder throws(ArchitectureError) in
      hasBias.append(try SpecificationReader(decoder).contains("bias"))
      return try LayerSpec(reading: decoder)
    }
    switch try reader.integerIfPresent("version") ?? 1 {
    case 1: break
    case 2: Self.addBiases(to: &layers, except: hasBias)
    case let other: throw reader.wrong("version", "expected 1 or 2, not \(other)")
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
    guard blocks.isEmpty else {
      try container.encode(blocks, forKey: .parameters)
      return
    }
    try container.encode([input.channels, input.height, input.width], forKey: .input)
    try container.encode(classes, forKey: .classes)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(layers, forKey: .layers)
  }

  /// Gives a bias to each layer whose bias is left out and that no norm follows. A batch norm would take the
  /// bias away again.
  ///
  /// - Parameter given: True for the entries that say whether they have a bias.
  private static func addBiases(to layers: inout [LayerSpec], except given: [Bool]) {
    for index in layers.indices where !given[index] {
      guard case .weighted(var layer) = layers[index] else { continue }
      let next = layers[(index + 1)...].first { following in
        switch following {
        case .skip: false
        case .channelwise(.pool(let pooling)): !layer.operation.canTakeIn(pooling)
        case .channelwise(let operation): !operation.isIdentity
        default: true
        }
      }
      switch next {
      case .batchNorm, .sampleNorm: layer.bias = false
      default: layer.bias = true
      }
      layers[index] = .weighted(layer)
    }
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
