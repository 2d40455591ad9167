import RSONetworks

/// The approximate work of one step of each layer, in multiply-adds per sample. It serves to estimate the
/// duration of a run before its layers were timed.
package enum LayerCosts {
  /// Returns one cost for each layer, in the order of `layout.layers`; each is at least 1.
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

  private static func multiplyAdds(_ stage: Stage) -> Double {
    stage.operation?.multiplyAdds(from: stage.inputShape, to: stage.outputShape)
      ?? Double(stage.outputShape.count)
  }
}
