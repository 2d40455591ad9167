import RSONetworks

/// The layers of a network: shapes of inputs, outputs and weights, and number of parameters.
package enum NetworkTable {
  package static func text(_ graph: StageGraph) -> String {
    var table = Table(
      columns: [
        .left("layer"), .left("input"), .left("output"), .left("weights"), .right("parameters"),
      ],
      indent: 2)
    for stage in graph.stages {
      guard let index = stage.layer else { continue }
      let layer = graph.layout.layers[index]
      let weights = layer.tensor(.weight)?.shape.map(String.init).joined(separator: " x ")
      table.add([
        layer.name, stage.inputShape.description, stage.outputShape.description, weights ?? "-",
        Numbers.grouped(layer.parameterCount),
      ])
    }
    table.add(["all", "", "", "", Numbers.grouped(graph.layout.parameterCount)])
    return table.description
  }
}
