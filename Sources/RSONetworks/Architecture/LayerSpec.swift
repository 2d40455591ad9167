/// One operation of a network, in the order of evaluation.
///
/// An operation works on the output of the one before it; a `skip` adds an earlier output to it. The
/// operations carry their geometry. `StageGraph` refuses a geometry that this version does not
/// compute.
package enum LayerSpec: Sendable, Hashable {
  /// A convolution or a linear layer.
  case weighted(WeightedLayer)
  /// An activation, a pool, or another operation on each channel alone.
  case channelwise(ChannelOperation)
  /// Batch normalisation with gamma and beta. Its parameters belong to the convolution or linear
  /// layer that it follows directly (a skip or a pool may stand between), otherwise to a layer of its
  /// own, `name`.
  case batchNorm(name: String?)
  /// Adds the output of the layer named `from`: its value after its batch norm (if it has one) and
  /// before any activation. Stands directly after a convolution or linear layer.
  ///
  /// With a projection, the value passes through a 1 x 1 convolution without bias and a batch norm of
  /// its own. Both belong to the layer `NAME.projection`, where NAME is the layer whose output the
  /// skip is added to.
  case skip(from: String, projection: Bool)
  case flatten
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
      try writer.write("type", "batch-norm")
      if let name { try writer.write("name", name) }
    case .skip(let from, let projection):
      try writer.write("type", "skip")
      try writer.write("from", from)
      try writer.write("projection", projection)
    case .flatten:
      try writer.write("type", "flatten")
    }
  }
}
