import RSONumerics

/// The computations before a minibatch's first step: `load` once per layer, `fill` once per neuron.
extension IncrementalEvaluator {
  /// Evaluates the layers before the searched one, with fixed statistics, for the minibatch that a
  /// slot holds from now on.
  func load(_ minibatch: Minibatch, into slot: Int, _ cache: LayerCache) {
    let plan = cache.plan
    let kernels = execution.kernels
    let forward = FixedForward(
      execution: execution, packer: images, order: minibatch.samples, affines: fixed)
    cache.store(samples.targets, slot, of: forward.order)
    forEachBlock(slot, cache) { context in
      context.scratch.begin()
      let block = forward.forward(context.block, context.scratch)
      if let images = context.images {
        kernels.copy(block.fixedView(.samples).values, count: samples.shape.count, into: images)
      }
      for stage in plan.earlierStages {
        guard let kept = context.earlier(stage) else { continue }
        kernels.copy(
          block.fixedView(.stage(stage)).values, count: execution.geometries[stage].count,
          into: kept)
      }
    }
    cache.markLoaded(slot, minibatch.samples, forward.order)
  }

  /// Computes a slot's base sums and the plane of the searched channel, with the current parameters.
  func fill(_ slot: Int, _ cache: LayerCache) {
    let plan = cache.plan
    fillSearched(slot, cache)
    for stage in execution.graph.stages.indices
    where stage > plan.stage && (plan.baseStages.contains(stage) || plan.keepsBaseSum(stage)) {
      fillBaseSum(stage, slot, cache)
    }
    cache.markFilled(slot, visit: visit, changes: changes.count)
    cache.markShared(slot, group: groupVisit)
  }

  // MARK: The searched stage

  /// Computes the searched stage's values, and their batch norm on the minibatch.
  private func fillSearched(_ slot: Int, _ cache: LayerCache) {
    let stage = cache.plan.stage
    let geometry = execution.geometries[stage]
    let area = geometry.area * execution.lanes
    // If the shared sums are kept, no channel outside the group is read.
    let needed =
      cache.plan.isReadByChannels && cache.isShared(slot, group: groupVisit)
      ? group : 0..<geometry.outputs
    var stale = cache.staleChannels(slot, versions).filter(needed.contains)
    if stale.count > geometry.perChannelBreakEven { stale = Array(0..<geometry.outputs) }
    let normalizes = cache.plan.baseStages.contains(stage) && geometry.stage.normalized
    let sums = execution.chunkSums(samples: cache.batchSize, quantities: 2 * geometry.outputs)
    forEachBlock(slot, cache, sums: sums) { context in
      guard let out = context.baseValues(stage) else { return }
      context.scratch.begin()
      computeSearched(stale, into: out, context)
      let slots = sums.slots(context.block, 0, count: 2 * geometry.outputs)
      for channel in stale where normalizes {
        execution.kernels.moments(
          out + channel * area, channels: 1, count: geometry.area, valid: context.block.valid,
          slot: context.block.foldSlot, into: slots + 2 * channel * Kernels.foldSlots)
      }
      execution.kernels.copy(out + output * area, count: geometry.area, into: context.plane)
    }
    if normalizes {
      normalizeSearched(stale, needed, sums, slot, cache)
    } else {
      for channel in stale {
        cache.markFresh(slot, channel, version: versions[channel], moments: .none)
      }
    }
  }

  /// Computes channels of the searched stage.
  private func computeSearched(
    _ channels: [Int], into out: MutableFloats, _ context: BlockContext
  ) {
    guard !channels.isEmpty else { return }
    let stage = context.cache.plan.stage
    let geometry = execution.geometries[stage]
    let operations = execution.operations
    let input = context.view(geometry.stage.source)
    if channels.count == geometry.outputs {
      operations.sumInputs(stage, input, into: out, context.scratch)
    } else {
      operations.sumOutputs(stage, channels, input, into: out, context.scratch)
    }
    operations.addSkip(stage, channels: channels, to: out, context.scratch) { context.view($0) }
  }

  /// Sets the batch norm of the searched stage's channels from fresh moments, or from kept ones.
  private func normalizeSearched(
    _ stale: [Int], _ needed: Range<Int>, _ sums: ChunkSums, _ slot: Int, _ cache: LayerCache
  ) {
    let stage = cache.plan.stage
    let geometry = execution.geometries[stage]
    for channel in stale.count == geometry.outputs ? 0..<geometry.outputs : needed {
      let moments: Moments
      if stale.contains(channel) {
        moments = sums.moments(2 * channel, count: cache.batchSize * geometry.area)
        cache.markFresh(slot, channel, version: versions[channel], moments: moments)
      } else {
        moments = cache.moments(slot, channel)
      }
      execution.normalize(
        stage, channel: channel, mean: moments.mean, variance: moments.variance,
        into: baseAffines[stage])
    }
  }

  // MARK: Later stages

  /// Computes a later stage's base sum, and its batch norm where other base sums read it.
  private func fillBaseSum(_ stage: Int, _ slot: Int, _ cache: LayerCache) {
    let plan = cache.plan
    let geometry = execution.geometries[stage]
    let normalizes = plan.baseStages.contains(stage) && geometry.stage.normalized
    let sums = execution.chunkSums(samples: cache.batchSize, quantities: 2 * geometry.outputs)
    let isShared = cache.isShared(slot, group: groupVisit)
    let skipReach = plan.reach.skip[stage] ?? .unaffected
    let offset = geometry.stage.skipOffset
    let skipped = plan.reach.channels(skipReach, of: output, among: 0)
    let excluded = (skipped.lowerBound + offset)..<(skipped.upperBound + offset)
    forEachBlock(slot, cache, sums: sums) { context in
      guard let out = context.baseValues(stage) else { return }
      context.scratch.begin()
      computeBaseSum(stage, into: out, isShared: isShared, context)
      if skipReach != .full {
        execution.operations.addSkip(
          stage, excluding: excluded, to: out, context.scratch
        ) { context.view($0) }
      }
      if normalizes {
        execution.kernels.moments(
          out, channels: geometry.outputs, count: geometry.area, valid: context.block.valid,
          slot: context.block.foldSlot,
          into: sums.slots(context.block, 0, count: 2 * geometry.outputs))
      }
    }
    guard normalizes else { return }
    for channel in 0..<geometry.outputs {
      let moments = sums.moments(2 * channel, count: cache.batchSize * geometry.area)
      execution.normalize(
        stage, channel: channel, mean: moments.mean, variance: moments.variance,
        into: baseAffines[stage])
    }
  }

  /// The part of a later stage's operation that does not depend on the searched channel.
  ///
  /// - Parameter isShared: True if the cache already holds the part that the group shares.
  private func computeBaseSum(
    _ stage: Int, into out: MutableFloats, isShared: Bool, _ context: BlockContext
  ) {
    let plan = context.cache.plan
    let operations = execution.operations
    let source = execution.geometries[stage].stage.source
    let scratch = context.scratch
    let own = plan.reach.channels(
      plan.reach.operation[stage], of: output, among: execution.geometries[stage].inputs)
    switch plan.reach.operation[stage] {
    case .unaffected:
      operations.sumInputs(stage, context.view(source), into: out, scratch)
    case .part where plan.sharesBaseSum(stage):
      let input = context.view(source)
      let neighbours = plan.operationPart(stage, of: group)
      let shared = context.sharedSum(stage) ?? out
      if !isShared {
        operations.sumInputs(stage, input, excluding: neighbours, into: shared, scratch)
      }
      operations.sumGroup(
        stage, input, channels: neighbours, excluding: own, onto: Floats(shared), into: out,
        scratch)
    case .part:
      operations.sumInputs(stage, context.view(source), excluding: own, into: out, scratch)
    case .full where execution.geometries[stage].stage.operation == nil:
      for channel in 0..<execution.geometries[stage].outputs {
        operations.clear(stage, channel, in: out)
      }
    case .full:
      operations.sumBias(stage, into: out, scratch)
    }
  }
}
