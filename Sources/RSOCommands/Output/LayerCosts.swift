import RSONetworks

/// Roughly how much work one step of a layer is, in multiply-adds a sample: only to tell how long a
/// run will take before anything was timed.
package enum LayerCosts {
  /// A cost a layer, indexed like `layout.layers`; each at least 1.
  ///
  /// A changed weight changes one channel of its own stage and with it one input channel of the next
  /// one; from there on everything is computed anew.
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
    let inputs = Double(stage.inputShape.channels)
    let outputs = Double(stage.outputShape.channels)
    switch stage.operation {
    case .none:
      return Double(stage.outputShape.count)
    case .convolution(let kernel):
      return inputs * outputs * Double(kernel * kernel * stage.outputShape.area)
    case .linear:
      return Double(stage.inputShape.count) * outputs
    }
  }
}
