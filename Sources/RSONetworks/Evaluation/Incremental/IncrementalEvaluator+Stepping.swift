import RSONumerics

/// One step: the losses of three candidates on a minibatch whose residuals are in place.
extension IncrementalEvaluator {
  /// A candidate of the searched channel: its plane is z + amount * tap + offset.
  private struct Variant {
    var amount: Float = 0
    var offset: Float = 0
    var gamma: Float
    var beta: Float
  }

  func step(_ candidates: Candidates, _ slot: Int, _ cache: LayerCache) -> CandidateLosses {
    let plan = cache.plan
    let variants = variants(of: candidates, plan.stage)
    updatePlane(candidates.address, slot, cache, variants)
    let last = execution.graph.stages.count - 1
    var losses: ChunkSums?
    if plan.stage == last { losses = evaluate(last, variants, slot, cache) }
    for stage in plan.affected {
      let isNeeded =
        stage == last || execution.graph.stages[stage].normalized || plan.isStored[stage]
      if isNeeded, let sums = evaluate(stage, variants, slot, cache) { losses = sums }
    }
    guard let losses else { preconditionFailure("the searched stage does not reach the logits") }
    let count = Double(cache.batchSize)
    return CandidateLosses(
      current: losses.total(0) / count, plus: losses.total(1) / count,
      minus: losses.total(2) / count)
  }

  private func variants(of candidates: Candidates, _ stage: Int) -> [Variant] {
    let geometry = execution.geometries[stage]
    let stored = execution.parameters[layout.offset(of: candidates.address)]
    let unchanged = Variant(
      gamma: execution.parameter(geometry.gammaOffset, output, default: 1),
      beta: execution.parameter(geometry.betaOffset, output, default: 0))
    return [candidates.current, candidates.plus, candidates.minus].map { value in
      var variant = unchanged
      switch candidates.address.kind {
      case .weight: variant.amount = amount(value, stored)
      case .bias: variant.offset = Float(Double(value) - Double(stored))
      case .gamma: variant.gamma = value
      case .beta: variant.beta = value
      }
      return variant
    }
  }

  /// Brings the searched channel's plane up to date with the neuron's changes since the slot's last
  /// visit, takes what the weight at hand sees of the input, and from both the batch norm of each
  /// candidate.
  private func updatePlane(
    _ address: WeightAddress, _ slot: Int, _ cache: LayerCache, _ variants: [Variant]
  ) {
    let stage = cache.plan.stage
    let geometry = execution.geometries[stage]
    let kernels = execution.kernels
    let operations = execution.operations
    let pending = changes[cache.seen[slot]...]
    let index = address.kind == .weight ? address.index : nil
    let size = geometry.area * execution.lanes
    let normalized = geometry.stage.normalized
    let sums = execution.chunkSums(samples: cache.batchSize, quantities: 5)
    execution.forEachBlock(of: cache.batchSize) { position, scratch in
      let plane = cache.plane(slot, position.block)
      let tap = cache.tap(position.block)
      var channel: Int?
      var map: Floats?
      func mapOf(_ weight: Int) -> Floats {
        let wanted = weight / geometry.kernelArea
        if let map, wanted == channel { return map }
        let view = inputChannel(wanted, slot, position, cache, scratch)
        let prepared = operations.prepareMap(stage, view, slot: 0, scratch)
        channel = wanted
        map = prepared
        return prepared
      }
      for change in pending {
        if let weight = change.index {
          kernels.addTap(
            geometry, map: mapOf(weight), index: weight % geometry.kernelArea,
            amount: change.amount, to: plane)
        } else {
          kernels.affine(
            plane, height: geometry.height, width: geometry.width, scale: 1, shift: change.amount,
            rectified: false,
            into: PlaneTarget(pointer: plane, rowStride: geometry.width * execution.lanes))
        }
      }
      if let index {
        kernels.copyTap(
          geometry, map: mapOf(index), index: index % geometry.kernelArea, into: tap)
      } else {
        tap.update(repeating: 0, count: size)
      }
      if normalized {
        kernels.jointMoments(
          plane, tap, count: geometry.area, valid: position.valid, slot: position.slot,
          into: sums.slots(position, 0, count: 5))
      }
    }
    cache.markSeen(slot, changes: changes.count)
    guard normalized else { return }
    let count = cache.batchSize * geometry.area
    for (candidate, variant) in variants.enumerated() {
      let a = Double(variant.amount)
      let moments = Moments(
        sum: sums.total(0) + a * sums.total(2),
        squares: sums.total(1) + 2 * a * sums.total(4) + a * a * sums.total(3), count: count)
      candidateAffines[candidate][stage].set(
        output, mean: moments.mean + Double(variant.offset), variance: moments.variance,
        gamma: variant.gamma, beta: variant.beta, epsilon: execution.epsilon)
    }
  }

  /// One pass over the minibatch: an affected stage's values for the candidates, and from them its
  /// batch norms, or, for the logits, the losses.
  private func evaluate(
    _ stage: Int, _ variants: [Variant], _ slot: Int, _ cache: LayerCache
  ) -> ChunkSums? {
    let geometry = execution.geometries[stage]
    let isLast = stage == execution.graph.stages.count - 1
    let onlyChannel = cache.plan.reach[stage] == .channel
    let channels = onlyChannel ? output..<(output + 1) : 0..<geometry.outputs
    let perCandidate = isLast ? 1 : 2 * channels.count
    let sums = execution.chunkSums(samples: cache.batchSize, quantities: 3 * perCandidate)
    let area = geometry.area * execution.lanes
    execution.forEachBlock(of: cache.batchSize) { position, scratch in
      let step = Step(
        evaluator: self, cache: cache, variants: variants, slot: slot, position: position,
        scratch: scratch)
      for candidate in 0..<3 {
        let slots = sums.slots(position, candidate * perCandidate, count: perCandidate)
        if isLast {
          execution.kernels.crossEntropy(
            step.logits(candidate), classes: geometry.outputs,
            labels: cache.labels(slot, position.block), valid: position.valid,
            slot: position.slot, into: slots)
          continue
        }
        let values =
          onlyChannel
          ? step.channelValues(stage, candidate)
          : step.compute(stage, candidate) + channels.lowerBound * area
        if geometry.stage.normalized {
          execution.kernels.moments(
            values, channels: channels.count, count: geometry.area, valid: position.valid,
            slot: position.slot, into: slots)
        }
      }
    }
    guard !isLast else { return sums }
    if geometry.stage.normalized {
      let count = cache.batchSize * geometry.area
      for candidate in 0..<3 {
        for (place, channel) in channels.enumerated() {
          let quantity = candidate * perCandidate + 2 * place
          let moments = Moments(
            sum: sums.total(quantity), squares: sums.total(quantity + 1), count: count)
          execution.normalize(
            stage, channel: channel, mean: moments.mean, variance: moments.variance,
            into: candidateAffines[candidate][stage])
        }
      }
    }
    return nil
  }

  /// The candidates' values in one block.
  private struct Step {
    let evaluator: IncrementalEvaluator
    let cache: LayerCache
    let variants: [Variant]
    let slot: Int
    let position: BlockPosition
    let scratch: WorkerScratch

    private var execution: NetworkExecution { evaluator.execution }
    private var operations: StageOperations { execution.operations }
    private var plan: StepPlan { cache.plan }
    private var output: Int { evaluator.output }

    /// The searched channel of a stage in which nothing else changes.
    func channel(_ stage: Int, _ candidate: Int) -> ChannelView {
      let affine = evaluator.candidateAffines[candidate][stage]
      guard stage == plan.stage else {
        return ChannelView(
          values: channelValues(stage, candidate), scale: affine.scale(output),
          shift: affine.shift(output))
      }
      var view = ChannelView(
        values: cache.plane(slot, position.block), scale: affine.scale(output),
        shift: affine.shift(output))
      view.tap = Floats(cache.tap(position.block))
      view.amount = variants[candidate].amount
      view.offset = variants[candidate].offset
      return view
    }

    /// The same before batch norm, for a stage after the searched one.
    func channelValues(_ stage: Int, _ candidate: Int) -> Floats {
      let geometry = execution.geometries[stage]
      let spec = geometry.stage
      let area = geometry.area * execution.lanes
      let out = scratch.outputs[stage].pointer + output * area
      if plan.operation[stage] == .channel, case .stage(let source) = spec.source {
        operations.transform(
          stage, channel(source, candidate),
          into: PlaneTarget(pointer: out, rowStride: geometry.width * execution.lanes), scratch)
      } else if let residual = cache.residual(stage, slot, position.block) {
        out.update(from: residual + output * area, count: area)
        addSkip(stage, candidate, to: out - output * area)
      }
      return Floats(out)
    }

    /// All channels of a stage that changes in all of them, where they are kept or else in the
    /// scratch.
    @discardableResult
    func compute(_ stage: Int, _ candidate: Int) -> Floats {
      let out =
        cache.candidate(stage, candidate, position.block) ?? scratch.outputs[stage].pointer
      let spec = execution.geometries[stage].stage
      let residual = cache.residual(stage, slot, position.block).map { Floats($0) }
      switch plan.operation[stage] {
      case .channel:
        guard case .stage(let source) = spec.source else { break }
        operations.apply(
          stage, channel: output, channel(source, candidate), initial: residual, into: out, scratch)
      case .full:
        guard case .stage(let source) = spec.source else { break }
        operations.apply(
          stage, tensor(source, candidate), initial: residual, into: out, scratch)
      case .unaffected:
        guard let residual else { break }
        out.update(from: residual, count: execution.geometries[stage].count * execution.lanes)
      }
      addSkip(stage, candidate, to: out)
      return Floats(out)
    }

    private func tensor(_ stage: Int, _ candidate: Int) -> TensorView {
      let values =
        cache.candidate(stage, candidate, position.block).map { Floats($0) }
        ?? compute(stage, candidate)
      return TensorView(values: values, affine: evaluator.candidateAffines[candidate][stage])
    }

    private func addSkip(_ stage: Int, _ candidate: Int, to out: MutableFloats) {
      guard let skip = execution.geometries[stage].stage.skip, case .stage(let source) = skip
      else { return }
      let from = execution.geometries[source]
      switch plan.skip[stage] ?? .unaffected {
      case .unaffected: return
      case .channel:
        let area = execution.geometries[stage].area * execution.lanes
        operations.addSkip(
          stage, channel(source, candidate), sourceArea: (from.height, from.width),
          to: out + output * area, scratch)
      case .full:
        operations.addSkip(stage, tensor(source, candidate), from: from, to: out, scratch)
      }
    }

    /// The logits of a candidate.
    func logits(_ candidate: Int) -> Floats {
      let last = execution.geometries.count - 1
      let geometry = execution.geometries[last]
      let lanes = execution.lanes
      guard plan.reach[last] == .channel else { return compute(last, candidate) }
      let out = scratch.outputs[last].pointer
      let own = out + output * lanes
      if last == plan.stage {
        let view = channel(last, candidate)
        guard let tap = view.tap else { return Floats(out) }
        copyOtherLogits(geometry, to: out)
        execution.kernels.candidate(
          view.values, tap: tap, amount: view.amount, offset: view.offset, height: 1, width: 1,
          scale: 1, shift: 0, rectified: false, into: PlaneTarget(pointer: own, rowStride: lanes))
      } else {
        copyOtherLogits(geometry, to: out)
        _ = channelValues(last, candidate)
      }
      return Floats(out)
    }

    private func copyOtherLogits(_ geometry: StageGeometry, to out: MutableFloats) {
      guard let residual = cache.residual(execution.geometries.count - 1, slot, position.block)
      else { return }
      out.update(from: residual, count: geometry.count * execution.lanes)
    }
  }
}
