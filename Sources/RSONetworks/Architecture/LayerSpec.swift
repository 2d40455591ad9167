/// One operation of a network, in the order of evaluation.
///
/// An operation works on the value of the one before it. Some read other values as well, by the name of a
/// layer (its value after its batch norm and before any activation), by the name of a `mark`, or as
/// `input`, the samples.
package enum LayerSpec: Sendable, Hashable {
  /// A convolution or a linear layer.
  case weighted(WeightedLayer)
  /// An activation, a pool, or another operation on each channel alone.
  case channelwise(ChannelOperation)
  /// Batch normalisation with gamma and beta. Its parameters belong to the convolution or linear
  /// layer that it follows directly (a skip or a 2 x 2 average pool may stand between), otherwise to a
  /// layer of its own, `name`.
  case batchNorm(name: String?)
  /// Normalises each sample alone, over the pixels of each group of channels, with a gamma and a beta for
  /// each channel. They belong to a layer of its own, `name`. One group is a layer norm.
  case sampleNorm(name: String?, groups: Int)
  /// Adds the value named `from`.
  ///
  /// With a projection, the value passes through a 1 x 1 convolution without bias and a batch norm of
  /// its own. Both belong to the layer `NAME.projection`, where NAME is the layer whose output the
  /// skip is added to: the skip then stands directly after that layer, or after its batch norm.
  case skip(from: String, projection: Bool)
  case flatten
  /// Gives the value at this place a name.
  case mark(name: String)
  /// Goes on with the value named `from` in place of the value before.
  case branch(from: String)
  /// The channels of the values named `from`, then those of the value before.
  case concatenate(from: [String])
  /// Adds this many channels of zeros after the others.
  case zeroChannels(Int)
}

extension LayerSpec {
  /// The types that are neither weighted nor operations on single channels.
  static let structureTypes = [
    LayerType("batch-norm", keys: ["name"]) { reader throws(ArchitectureError) in
      .batchNorm(name: try reader.stringIfPresent("name"))
    },
    LayerType("skip", keys: ["from", "projection"]) { reader throws(ArchitectureError) in
      .skip(
        from: try reader.string("from"),
        projection: try reader.flagIfPresent("projection") ?? false)
    },
    LayerType("flatten") { _ in .flatten },
    LayerType("group-norm", keys: ["name", "groups"]) { reader throws(ArchitectureError) in
      .sampleNorm(
        name: try reader.stringIfPresent("name"), groups: try reader.integer("groups"))
    },
    LayerType("layer-norm", keys: ["name"]) { reader throws(ArchitectureError) in
      .sampleNorm(name: try reader.stringIfPresent("name"), groups: 1)
    },
    LayerType("mark", keys: ["name"]) { reader throws(ArchitectureError) in
      .mark(name: try reader.string("name"))
    },
    LayerType("branch", keys: ["from"]) { reader throws(ArchitectureError) in
      .branch(from: try reader.string("from"))
    },
    LayerType("concatenate", keys: ["from"]) { reader throws(ArchitectureError) in
      .concatenate(from: try reader.strings("from", "a list of names"))
    },
    LayerType("zero-channels", keys: ["count"]) { reader throws(ArchitectureError) in
      .zeroChannels(try reader.integer("count"))
    },
  ]

  /// Reads one entry of "layers". A name that is left out is empty until
  /// `Architecture.nameLayers(_:)` gives it.
  init(reading decoder: any Decoder) throws(ArchitectureError) {
    let reader = try SpecificationReader(decoder)
    let name = try reader.string("type")
    guard let type = LayerType.all.first(where: { $0.name == name }) else {
      throw .invalid(
        position: reader.position,
        reason: KnownWords.layerTypes.refusal(of: name, "type", list: "known types"))
    }
    try reader.refuseKeys(except: ["type"] + type.keys, of: "'\(name)'")
    self = try type.read(reader)
  }
}

extension LayerSpec: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var writer = SpecificationWriter(encoder)
    switch self {
    case .weighted(let layer):
      try layer.write(to: &writer)
    case .channelwise(let operation):
      try operation.write(to: &writer)
    case .batchNorm(let name):
      try writer.write("type", typeName)
      if let name { try writer.write("name", name) }
    case .skip(let from, let projection):
      try writer.write("type", typeName)
      try writer.write("from", from)
      try writer.write("projection", projection)
    case .flatten:
      try writer.write("type", typeName)
    case .sampleNorm(let name, let groups):
      try writer.write("type", typeName)
      if let name { try writer.write("name", name) }
      if groups != 1 { try writer.write("groups", groups) }
    case .mark(let name):
      try writer.write("type", typeName)
      try writer.write("name", name)
    case .branch(let from):
      try writer.write("type", typeName)
      try writer.write("from", from)
    case .concatenate(let from):
      try writer.write("type", typeName)
      try writer.write("from", from)
    case .zeroChannels(let count):
      try writer.write("type", typeName)
      try writer.write("count", count)
    }
  }
}
