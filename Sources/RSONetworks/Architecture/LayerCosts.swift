/// The approximate work in a network's layers, in multiply-adds per sample. It serves to estimate times.
package enum LayerCosts {
  /// Returns the work of one step of each layer, in the order of `layout.layers`; each is at least 1.
  ///
  /// A changed weight changes one channel of its own stage, and so one input channel of the next one.
  /// All later stages are computed again. Where a network's channels stay apart for longer, or a sample norm
  /// joins them earlier, each stage is counted by the channels that the change reaches.
  package static func perStep(_ graph: StageGraph) -> [Double] {
    if graph.stages.contains(where: { !$0.isReachedAsUsual }) {
      return graph.layout.layers.indices.map { layer in
        max(1, graph.stages.firstIndex { $0.layer == layer }.map { reached(graph, from: $0) } ?? 1)
      }
    }
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

  /// The work of the stages that a change of one channel of a stage reaches.
  private static func reached(_ graph: StageGraph, from searched: Int) -> Double {
    let reach = StepReach(of: searched, graph.stages)
    let later = graph.stages.indices[(searched + 1)...]
    return later.reduce(Double(graph.stages[searched].outputShape.area)) { sum, index in
      let stage = graph.stages[index]
      func share(_ part: Reach, of channels: Int) -> Double {
        Double(reach.channels(part, of: 0, among: channels).count) / Double(channels)
      }
      let inputs = stage.inputShape.channels
      return sum
        + (stage.operation == nil
          ? Double(stage.outputShape.count)
            * share(reach.output[index], of: stage.outputShape.channels)
          : multiplyAdds(stage) * share(reach.operation[index], of: inputs))
    }
  }

  static func multiplyAdds(_ stage: Stage) -> Double {
    stage.operation?.multiplyAdds(from: stage.inputShape, to: stage.outputShape)
      ?? Double(stage.outputShape.count)
  }
}

extension Stage {
  /// True if a change of one input channel reaches all outputs of a weighted operation, and one channel of any
  /// other stage.
  fileprivate var isReachedAsUsual: Bool {
    operation.map { $0.groups == 1 } ?? (normGroups == nil && skip == nil)
  }
}
