import RSONetworks

/// The operations of a network in the order of its description: their shapes and weights, the number of parameters, and their cost for one
/// sample.
package enum NetworkTable {
  /// `multiply-adds` are those of one pass through the network; `per step`, those of one step at a weight of
  /// the layer, for each of its candidates, about.
  ///
  /// *Throws:* `ArchitectureError` if the description is no network.
  package static func text(_ architecture: Architecture) throws -> String {
    let graph = try StageGraph(architecture)
    var table = Table(
      columns: [
        .left("layer"), .left("input"), .left("output"), .left("weights"), .right("parameters"),
        .right("multiply-adds"), .right("per step"),
      ],
      indent: 2)
    let steps = LayerCosts.perStep(graph)
    for operation in try architecture.operations() {
      let index = operation.layer.flatMap { name in
        graph.layout.layers.firstIndex { $0.name == name }
      }
      let layer = index.map { graph.layout.layers[$0] }
      let weights = layer?.tensor(.weight)?.shape.map(String.init).joined(separator: " x ")
      table.add([
        layer?.name ?? "(\(operation.name))", operation.input.description,
        operation.output.description, weights ?? "-",
        layer.map { Numbers.grouped($0.parameterCount) } ?? "",
        Numbers.grouped(Int(operation.multiplyAdds)),
        index.map { Numbers.grouped(Int(steps[$0])) } ?? "",
      ])
    }
    table.add([
      "all", "", "", "", Numbers.grouped(graph.layout.parameterCount),
      Numbers.grouped(Int(LayerCosts.pass(graph))), "",
    ])
    return table.description
  }
}
