import RSONumerics

/// What is computed before a minibatch's first step in a layer and in a neuron.
extension IncrementalEvaluator {
  /// Evaluates the layers before the searched one, with fixed statistics, for the minibatch that a
  /// slot holds from now on.
  func load(_ minibatch: Minibatch, into slot: Int, _ cache: LayerCache) {
    let plan = cache.plan
    let forward = FixedForward(
      execution: execution, samples: images, order: minibatch.samples, affines: fixed)
    let lanes = execution.lanes
    execution.forEachBlock(of: cache.batchSize) { position, scratch in
      scratch.begin()
      let labels = cache.labels(slot, position.block)
      for lane in 0..<lanes {
        let index = position.block * lanes + (lane < position.valid ? lane : 0)
        labels[lane] = Int32(samples.labels[Int(minibatch.samples[index])])
      }
      if let images = cache.images(slot, position.block) {
        let view = forward.view(.samples, position, scratch)
        images.update(from: view.values, count: samples.shape.count * lanes)
      }
      for stage in plan.inputs {
        guard let cut = cache.cut(stage, slot, position.block) else { continue }
        let view = forward.view(.stage(stage), position, scratch)
        cut.update(from: view.values, count: execution.geometries[stage].count * lanes)
      }
    }
    cache.markLoaded(slot, minibatch.samples)
  }

  /// Computes a slot's residuals and the plane of the searched channel, with the parameters as they
  /// are now.
  func fill(_ slot: Int, _ cache: LayerCache) {
    let plan = cache.plan
    fillSearched(slot, cache)
    for stage in execution.graph.stages.indices
    where stage > plan.stage && (plan.base.contains(stage) || plan.keepsResidual(stage)) {
      fillResidual(stage, slot, cache)
    }
    cache.markFilled(slot, neuron: neuron, changes: changes.count)
    cache.markShared(slot, group: groupVisit)
  }

  /// The searched stage's values, and their batch norm on the minibatch.
  private func fillSearched(_ slot: Int, _ cache: LayerCache) {
    let stage = cache.plan.stage
    let geometry = execution.geometries[stage]
    let spec = geometry.stage
    let operations = execution.operations
    let area = geometry.area * execution.lanes
    // Of other channels than the group's nothing may be left to add.
    let needed =
      cache.plan.isReadByChannels && cache.isShared(slot, group: groupVisit)
      ? group : 0..<geometry.outputs
    var stale = cache.staleChannels(slot, versions).filter(needed.contains)
    if stale.count > geometry.channelsAsDearAsAll { stale = Array(0..<geometry.outputs) }
    let normalizes = cache.plan.base.contains(stage) && spec.normalized
    let sums = execution.chunkSums(samples: cache.batchSize, quantities: 2 * geometry.outputs)
    execution.forEachBlock(of: cache.batchSize) { position, scratch in
      guard let out = cache.base(stage, slot, position.block) else { return }
      scratch.begin()
      let slots = sums.slots(position, 0, count: 2 * geometry.outputs)
      if !stale.isEmpty {
        let input = view(spec.source, slot, position, cache, scratch)
        if stale.count == geometry.outputs {
          operations.apply(stage, input, into: out, scratch)
        } else {
          operations.apply(stage, outputs: stale, input, into: out, scratch)
        }
      }
      for channel in stale {
        let plane = out + channel * area
        if let skip = spec.skip, case .stage(let source) = skip {
          let from = execution.geometries[source]
          operations.addSkip(
            stage,
            ChannelView(
              view(skip, slot, position, cache, scratch), channel: channel,
              stride: from.area * execution.lanes),
            sourceArea: (from.height, from.width), to: plane, scratch)
        }
        if normalizes {
          execution.kernels.moments(
            plane, channels: 1, count: geometry.area, valid: position.valid, slot: position.slot,
            into: slots + 2 * channel * Kernels.foldSlots)
        }
      }
      cache.plane(slot, position.block).update(from: out + output * area, count: area)
    }
    guard normalizes else {
      for channel in stale {
        cache.markFresh(
          slot, channel, version: versions[channel], moments: Moments(sum: 0, squares: 0, count: 1))
      }
      return
    }
    for channel in stale.count == geometry.outputs ? 0..<geometry.outputs : needed {
      let moments: Moments
      if stale.contains(channel) {
        moments = Moments(
          sum: sums.total(2 * channel), squares: sums.total(2 * channel + 1),
          count: cache.batchSize * geometry.area)
        cache.markFresh(slot, channel, version: versions[channel], moments: moments)
      } else {
        moments = cache.moments(slot, channel)
      }
      execution.normalize(
        stage, channel: channel, mean: moments.mean, variance: moments.variance,
        into: baseAffines[stage])
    }
  }

  /// What a later stage's sum holds of everything but the searched channel.
  private func fillResidual(_ stage: Int, _ slot: Int, _ cache: LayerCache) {
    let plan = cache.plan
    let operations = execution.operations
    let geometry = execution.geometries[stage]
    let spec = geometry.stage
    let normalizes = plan.base.contains(stage) && spec.normalized
    let sums = execution.chunkSums(samples: cache.batchSize, quantities: 2 * geometry.outputs)
    let isShared = cache.isShared(slot, group: groupVisit)
    execution.forEachBlock(of: cache.batchSize) { position, scratch in
      guard let out = cache.base(stage, slot, position.block) else { return }
      scratch.begin()
      switch plan.operation[stage] {
      case .unaffected:
        operations.apply(
          stage, view(spec.source, slot, position, cache, scratch), into: out, scratch)
      case .channel where plan.sharesResidual(stage):
        let input = view(spec.source, slot, position, cache, scratch)
        let shared = cache.shared(stage, slot, position.block) ?? out
        if !isShared { operations.apply(stage, input, excluding: group, into: shared, scratch) }
        operations.add(
          stage, input, channels: group, excluding: output, to: Floats(shared), into: out, scratch)
      case .channel:
        operations.apply(
          stage, view(spec.source, slot, position, cache, scratch),
          excluding: output..<(output + 1),
          into: out, scratch)
      case .full:
        operations.applyBias(stage, into: out, scratch)
      }
      if let skip = spec.skip, case .stage(let source) = skip {
        let reach = plan.skip[stage] ?? .unaffected
        if reach != .full {
          operations.addSkip(
            stage, view(skip, slot, position, cache, scratch), from: execution.geometries[source],
            excluding: reach == .channel ? output : nil, to: out, scratch)
        }
      }
      if normalizes {
        execution.kernels.moments(
          out, channels: geometry.outputs, count: geometry.area, valid: position.valid,
          slot: position.slot, into: sums.slots(position, 0, count: 2 * geometry.outputs))
      }
    }
    guard normalizes else { return }
    for channel in 0..<geometry.outputs {
      let moments = Moments(
        sum: sums.total(2 * channel), squares: sums.total(2 * channel + 1),
        count: cache.batchSize * geometry.area)
      execution.normalize(
        stage, channel: channel, mean: moments.mean, variance: moments.variance,
        into: baseAffines[stage])
    }
  }

  /// All channels of a source of a residual.
  private func view(
    _ source: Stage.Source, _ slot: Int, _ position: BlockPosition, _ cache: LayerCache,
    _ scratch: WorkerScratch
  ) -> TensorView {
    if case .stage(let stage) = source, stage >= cache.plan.stage {
      guard let values = cache.base(stage, slot, position.block) else {
        preconditionFailure("no base values of stage \(stage)")
      }
      return TensorView(values: values, affine: baseAffines[stage])
    }
    return inputView(source, slot, position, cache, scratch)
  }
}
