import RSONumerics

extension StageGraph {
  /// One operation of a network, for tables.
  package struct Operation: Sendable, Hashable {
    /// The type, as in an architecture's JSON.
    package var name: String
    /// The value before it; for a branch, the value that it goes on with.
    package var input: ImageShape
    package var output: ImageShape
    /// The name of the layer that the operation makes; nil if it makes none. A batch norm that belongs to the layer
    /// before it makes none.
    package var layer: String?
    /// Multiply-adds of one pass; for a sum or a join, its numbers; 0 for an operation on single channels.
    package var multiplyAdds: Double
  }
}

extension Architecture {
  /// The operations of the description, each once and in its order.
  ///
  /// *Throws:* `ArchitectureError` for the first error, with its place in the architecture's JSON.
  package func operations() throws(ArchitectureError) -> [StageGraph.Operation] {
    try requireNetwork()
    var builder = StageGraphBuilder(input: input)
    var operations: [StageGraph.Operation] = []
    for (index, layer) in layers.enumerated() {
      builder.position = "layers[\(index)]"
      let (before, stages) = (builder.shape, builder.stages.count)
      let names = Set(builder.layers.map(\.name))
      try builder.append(layer)
      let made = builder.layers.first { !names.contains($0.name) }?.name
      // The others of its stages, if any, come last and only join values.
      let joins = builder.stages.suffix(builder.stages.count - stages - (made == nil ? 0 : 1))
      var operation = StageGraph.Operation(
        name: layer.typeName, input: before, output: builder.shape, layer: made,
        multiplyAdds: joins.reduce(0) { $0 + LayerCosts.multiplyAdds($1) })
      if case .branch = layer { operation.input = builder.shape }
      operations.append(operation)
    }
    // A layer's stage takes in what follows, and its cost depends on it.
    for stage in try builder.finish(classes: classes).stages where stage.layer != nil {
      guard let index = operations.firstIndex(where: { $0.layer == stage.name }) else { continue }
      operations[index].multiplyAdds += LayerCosts.multiplyAdds(stage)
    }
    return operations
  }
}
