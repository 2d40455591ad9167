/// One block whose stages are evaluated with fixed batch norms, on one thread: reads what is kept, and
/// computes everything else again, to the same bits.
///
/// A pass over blocks begins each of them with `scratch.begin()`. A block is never stored in another
/// value: a pass comes by hundreds of them, and the threads would all count references to the same
/// objects.
protocol BlockForward {
  var execution: NetworkExecution { get }
  var scratch: WorkerScratch { get }
  /// The fixed batch norm of a stage; the identity where the stage has none.
  func fixedAffine(_ stage: Int) -> ChannelAffine
  /// The samples of the block.
  func samples() -> Floats
  /// A stage's values before its batch norm, where they are kept.
  func values(of stage: Int) -> Floats?
}

extension BlockForward {
  /// All channels of a source.
  func fixedView(_ source: Stage.Source) -> TensorView {
    switch source {
    case .samples: TensorView(values: samples(), affine: execution.sampleAffine)
    case .stage(let stage):
      TensorView(values: values(of: stage) ?? computed(stage), affine: fixedAffine(stage))
    }
  }

  /// One stage's values before its batch norm.
  func compute(_ stage: Int, into out: MutableFloats) {
    let operations = execution.operations
    operations.sumInputs(
      stage, fixedView(operations.geometries[stage].stage.source), into: out, scratch)
    operations.addSkip(stage, to: out, scratch) { fixedView($0) }
  }

  /// True if `count` channels of a stage are computed sooner one by one than all of them together.
  func isComputedByChannels(_ stage: Int, count: Int) -> Bool {
    !scratch.computed[stage] && count <= execution.geometries[stage].perChannelBreakEven
      && values(of: stage) == nil
  }

  /// One channel of a stage, computed alone.
  func fixedChannel(_ channel: Int, of stage: Int) -> ChannelView {
    let geometry = execution.geometries[stage]
    let operations = execution.operations
    // As if the plane were the channel's place among all of them.
    let out = scratch.channelPlane - channel * geometry.area * execution.lanes
    operations.sumOutputs(stage, [channel], fixedView(geometry.stage.source), into: out, scratch)
    operations.addSkip(stage, channels: [channel], to: out, scratch) { fixedView($0) }
    let affine = fixedAffine(stage)
    return ChannelView(
      values: scratch.channelPlane, scale: affine.scale(channel), shift: affine.shift(channel))
  }

  private func computed(_ stage: Int) -> Floats {
    let out = scratch.outputs[stage]
    if !scratch.computed[stage] {
      compute(stage, into: out)
      scratch.computed[stage] = true
    }
    return Floats(out)
  }
}
