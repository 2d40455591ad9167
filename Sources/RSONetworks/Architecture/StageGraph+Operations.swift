import RSONumerics

extension StageGraph {
  /// One operation of a network, for tables.
  package struct Operation: Sendable, Hashable {
    /// The type, as in an architecture's JSON.
    package var name: String
    /// The types of what follows in the layer: its pool and its norm.
    package var following: [String] = []
    package var input: ImageShape
    package var output: ImageShape
    /// Index into `layout.layers`; nil without parameters.
    package var layer: Int?
    /// Multiply-adds of one pass; 0 for an operation without weights.
    package var multiplyAdds: Double
  }

  /// The operations in the order of evaluation. A layer's batch norm and average pool are part of the layer.
  package func operations(on samples: ImageShape) -> [Operation] {
    stages.flatMap { stage -> [Operation] in
      let before = operations(stage.prologue, on: shape(of: stage.source, samples: samples))
      let skipped = stage.skip.map {
        operations(stage.skipPrologue, on: shape(of: $0, samples: samples))
      }
      return before + (skipped ?? []) + own(stage)
    }
  }

  private func operations(_ list: [ChannelOperation], on shape: ImageShape) -> [Operation] {
    zip(list, zip(list.shapes(from: shape), list.shapes(from: shape).dropFirst())).map {
      Operation(name: $0.typeName, input: $1.0, output: $1.1, multiplyAdds: 0)
    }
  }

  private func own(_ stage: Stage) -> [Operation] {
    var own = Operation(
      name: stage.operation?.typeName ?? "", input: stage.inputShape, output: stage.outputShape,
      layer: stage.layer,
      multiplyAdds: stage.operation?.multiplyAdds(from: stage.inputShape, to: stage.outputShape)
        ?? 0)
    let norm =
      stage.normGroups.map { $0 == 1 ? "layer-norm" : "group-norm" }
      ?? (stage.normalized ? "batch-norm" : nil)
    own.following = [stage.pool?.typeName, norm].compactMap { $0 }
    if stage.layer != nil {
      // A norm that is a layer of its own.
      if own.name.isEmpty, !own.following.isEmpty { own.name = own.following.removeFirst() }
      let skip = Operation(
        name: "skip", input: stage.outputShape, output: stage.outputShape, multiplyAdds: 0)
      return stage.skip == nil ? [own] : [own, skip]
    }
    own.name =
      switch (stage.skip, stage.skipOffset) {
      case (_?, 0): "skip"
      case (_?, _): "concatenate"
      case (nil, _): "zero-channels"
      }
    return stage.skip == nil && stage.inputShape == stage.outputShape ? [] : [own]
  }
}
