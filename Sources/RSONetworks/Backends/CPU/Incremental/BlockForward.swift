/// Values of one block that need not be computed.
protocol KeptValues {
  /// The samples of the block.
  func samples() -> Floats
  /// A stage's values before its batch norm, where they are kept.
  func values(of stage: Int) -> Floats?
}

/// Evaluates stages of one block with fixed batch norms, on one thread: reads what is kept, and
/// computes everything else again, to the same bits.
///
/// A pass over blocks begins each of them with `scratch.begin()`.
struct BlockForward<Kept: KeptValues> {
  let execution: NetworkExecution
  /// A batch norm per stage; the identity where a stage has none.
  let affines: [ChannelAffine]
  let kept: Kept
  let scratch: WorkerScratch

  /// All channels of a source.
  func view(_ source: Stage.Source) -> TensorView {
    switch source {
    case .samples: TensorView(values: kept.samples(), affine: execution.sampleAffine)
    case .stage(let stage):
      TensorView(values: kept.values(of: stage) ?? computed(stage), affine: affines[stage])
    }
  }

  /// One stage's values before its batch norm.
  func compute(_ stage: Int, into out: MutableFloats) {
    let operations = execution.operations
    operations.sumInputs(stage, view(operations.geometries[stage].stage.source), into: out, scratch)
    operations.addSkip(stage, to: out, scratch) { view($0) }
  }

  /// One channel of a stage that the caller reads `count` channels of: computed alone where that is
  /// less work.
  func channel(_ channel: Int, of stage: Int, count: Int) -> ChannelView {
    let geometry = execution.geometries[stage]
    guard !scratch.computed[stage], count <= geometry.perChannelBreakEven,
      kept.values(of: stage) == nil
    else {
      return ChannelView(
        view(.stage(stage)), channel: channel, stride: geometry.area * execution.lanes)
    }
    let operations = execution.operations
    // As if the plane were the channel's place among all of them.
    let out = scratch.channelPlane - channel * geometry.area * execution.lanes
    operations.sumOutputs(stage, [channel], view(geometry.stage.source), into: out, scratch)
    operations.addSkip(stage, channels: [channel], to: out, scratch) { view($0) }
    return ChannelView(
      values: scratch.channelPlane, scale: affines[stage].scale(channel),
      shift: affines[stage].shift(channel))
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
