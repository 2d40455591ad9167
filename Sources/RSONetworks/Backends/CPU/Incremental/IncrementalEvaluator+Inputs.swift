import RSONumerics

/// What the searched stage and later ones read of what comes before: from the cache where it is kept,
/// otherwise computed again for the block at hand, to the same bits.
///
/// A pass over blocks that reads here begins each of them with `scratch.begin()`.
extension IncrementalEvaluator {
  /// All channels of a source before the searched stage.
  func inputView(
    _ source: Stage.Source, _ slot: Int, _ position: BlockPosition, _ cache: LayerCache,
    _ scratch: WorkerScratch
  ) -> TensorView {
    switch source {
    case .samples:
      return samplesView(slot, position, cache, scratch)
    case .stage(let stage):
      if let cut = cache.cut(stage, slot, position.block) {
        return TensorView(values: cut, affine: fixed[stage])
      }
      let out = scratch.outputs[stage]
      if !scratch.computed[stage] {
        let spec = execution.geometries[stage].stage
        execution.operations.apply(
          stage, inputView(spec.source, slot, position, cache, scratch), into: out, scratch)
        if let skip = spec.skip, case .stage(let source) = skip {
          execution.operations.addSkip(
            stage, inputView(skip, slot, position, cache, scratch),
            from: execution.geometries[source], to: out, scratch)
        }
        scratch.computed[stage] = true
      }
      return TensorView(values: out, affine: fixed[stage])
    }
  }

  /// One channel of the searched stage's input, of `count` that will be asked for.
  func inputChannel(
    _ channel: Int, of count: Int, _ slot: Int, _ position: BlockPosition, _ cache: LayerCache,
    _ scratch: WorkerScratch
  ) -> ChannelView {
    let geometry = execution.geometries[cache.plan.stage]
    let stride = geometry.sourceShape.area * execution.lanes
    guard case .stage(let stage) = geometry.stage.source, !scratch.computed[stage],
      cache.cut(stage, slot, position.block) == nil,
      count <= execution.geometries[stage].channelsAsDearAsAll
    else {
      let view = inputView(geometry.stage.source, slot, position, cache, scratch)
      return ChannelView(view, channel: channel, stride: stride)
    }
    let spec = execution.geometries[stage].stage
    let out = scratch.channelPlane
    execution.operations.apply(
      stage, output: channel, inputView(spec.source, slot, position, cache, scratch), into: out,
      scratch)
    if let skip = spec.skip, case .stage(let source) = skip {
      let from = execution.geometries[source]
      execution.operations.addSkip(
        stage,
        ChannelView(
          inputView(skip, slot, position, cache, scratch), channel: channel,
          stride: from.area * execution.lanes),
        sourceArea: (from.height, from.width), to: out, scratch)
    }
    return ChannelView(
      values: out, scale: fixed[stage].scale(channel), shift: fixed[stage].shift(channel))
  }

  private func samplesView(
    _ slot: Int, _ position: BlockPosition, _ cache: LayerCache, _ scratch: WorkerScratch
  ) -> TensorView {
    if let images = cache.images(slot, position.block) {
      return TensorView(values: images, affine: execution.sampleAffine)
    }
    if !scratch.packed {
      let packer = SamplePacker(
        samples: images, lanes: execution.lanes, kernels: execution.kernels)
      let order = cache.samples[slot]
      packer.pack(position, into: scratch.images) { Int(order[$0]) }
      scratch.packed = true
    }
    return TensorView(values: scratch.images, affine: execution.sampleAffine)
  }
}

extension StageGeometry {
  /// How many output channels, one by one, take about as long as all at once: where Winograd's
  /// filtering transforms all inputs for each of them, few.
  var channelsAsDearAsAll: Int { usesWinograd ? 3 : outputs }
}
