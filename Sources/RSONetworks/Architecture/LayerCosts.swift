/// The approximate work in a network's layers, in multiply-adds per sample. It serves to estimate times.
package enum LayerCosts {
  /// Returns the work of one step of each layer, in the order of `layout.layers`; each is at least 1.
  ///
  /// A changed weight changes one channel of its own stage, and so one input channel of the next one.
  /// All later stages are computed again.
  package static func perStep(_ graph: StageGraph) -> [Double] {
    var costs = [Double](repeating: 1, count: graph.layout.layers.count)
    for (index, stage) in graph.stages.enumerated() {
      guard let layer = stage.layer else { continue }
      let later = graph.stages[(index + 1)...]
      let next = later.first.map { multiplyAdds($0) / Double($0.inputShape.channels) } ?? 0
      let rest = later.dropFirst().reduce(0) { $0 + multiplyAdds($1) }
      costs[layer] = max(1, Double(stage.outputShape.area) + next + rest)
    }
    return costs
  }

  /// The work of one pass through the whole network.
  package static func pass(_ graph: StageGraph) -> Double {
    graph.stages.reduce(0) { $0 + multiplyAdds($1) }
  }

  /// Returns the share of a pass that comes before each layer, 0 to 1, in the order of `layout.layers`.
  package static func sharesBefore(_ graph: StageGraph) -> [Double] {
    var shares = [Double](repeating: 0, count: graph.layout.layers.count)
    var before = 0.0
    let whole = max(1, pass(graph))
    for stage in graph.stages {
      if let layer = stage.layer { shares[layer] = before / whole }
      before += multiplyAdds(stage)
    }
    return shares
  }

  private static func multiplyAdds(_ stage: Stage) -> Double {
    stage.operation?.multiplyAdds(from: stage.inputShape, to: stage.outputShape)
      ?? Double(stage.outputShape.count)
  }
}
