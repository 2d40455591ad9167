import RSOCheckpoints
import RSONetworks
import RSOSearch

/// Everything that can be computed from a checkpoint without data.
package struct CheckpointInspection: Sendable {
  package let stored: SealedCheckpoint
  package let layout: ParameterLayout
  /// The parameters that the run began with: drawn again from its seed, or read from its first
  /// checkpoint; nil if that checkpoint is missing.
  package let beginning: [Float]?
  package let layers: [LayerStatistics]
  package let marks: [HealthMark]

  /// - Parameter path: The checkpoint's file. The run's first checkpoint is looked for beside it.
  package init(_ stored: SealedCheckpoint, path: String) throws {
    let checkpoint = stored.checkpoint
    let layout = try checkpoint.plan.architecture.layout()
    let beginning = checkpoint.beginning(layout: layout, path: path)
    let layers = LayerStatistics.all(of: checkpoint, layout: layout, beginning: beginning)
    self.stored = stored
    self.layout = layout
    self.layers = layers
    self.beginning = beginning
    marks = HealthMark.all(
      of: layers,
      beginning: beginning.map { parameters in
        layout.layers.map { $0.tensors.map { TensorStatistics(parameters[$0.range]) } }
      })
  }

  package var checkpoint: Checkpoint { stored.checkpoint }
}

extension Checkpoint {
  fileprivate func beginning(layout: ParameterLayout, path: String) -> [Float]? {
    guard plan.initialParameters != nil else {
      return Initializer.parameters(layout: layout, seed: plan.seed)
    }
    let first = RunPaths(around: path).cycle(0)
    guard let found = try? CheckpointReader.read(first).checkpoint,
      found.state.cursor == SearchOrder(layout, options: found.plan.options).first(cycle: 0),
      found.provenance.runID == provenance.runID,
      found.plan.initialParameters == plan.initialParameters
    else { return nil }
    return found.state.parameters
  }
}
