/// One value of the key "type" in an architecture's JSON: how such a layer is read.
struct LayerType: Sendable {
  let name: String
  /// The keys of the layer besides "type".
  let keys: [String]
  /// Returns the layer. The reader has checked the keys.
  let read: @Sendable (SpecificationReader) throws(ArchitectureError) -> LayerSpec

  init(
    _ name: String, keys: [String] = [],
    read: @escaping @Sendable (SpecificationReader) throws(ArchitectureError) -> LayerSpec
  ) {
    self.name = name
    self.keys = keys
    self.read = read
  }

  /// Every type. Each one is listed beside its operation.
  static let all =
    WeightedOperation.layerTypes + ChannelOperation.layerTypes + LayerSpec.structureTypes
}
