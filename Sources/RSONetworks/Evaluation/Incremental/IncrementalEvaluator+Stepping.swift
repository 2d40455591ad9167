import RSONumerics

/// One step: the losses of up to three candidates on a minibatch whose residuals are in place.
extension IncrementalEvaluator {
  /// A candidate of the searched channel: its plane is z + amount * tap + offset.
  private struct Variant {
    var amount: Float = 0
    var offset: Float = 0
    var gamma: Float
    var beta: Float
  }

  func step(
    _ address: WeightAddress, _ values: [Float], _ slot: Int, _ cache: LayerCache
  ) -> [Double] {
    let plan = cache.plan
    let variants = variants(address, values, plan.stage)
    measure(Pass.channel) { updatePlane(address, slot, cache, variants) }
    // Stages whose values fill the cache are taken through for one candidate after the other.
    var losses = evaluate(plan.together, candidates: variants.indices, variants, slot, cache)
    if !plan.apart.isEmpty {
      losses = variants.indices.flatMap {
        evaluate(plan.apart, candidates: $0..<($0 + 1), variants, slot, cache)
      }
    }
    let count = Double(cache.batchSize)
    precondition(losses.count == values.count, "the last pass takes the losses")
    return losses.map { $0 / count }
  }

  private func variants(
    _ address: WeightAddress, _ values: [Float], _ stage: Int
  ) -> [Variant] {
    let geometry = execution.geometries[stage]
    let stored = execution.parameters[layout.offset(of: address)]
    let unchanged = Variant(
      gamma: execution.parameter(geometry.gammaOffset, output, default: 1),
      beta: execution.parameter(geometry.betaOffset, output, default: 0))
    return values.map { value in
      var variant = unchanged
      switch address.kind {
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
    let channels = Set(
      (pending.map(\.index) + [index]).compactMap { $0.map { $0 / geometry.kernelArea } })
    execution.forEachBlock(of: cache.batchSize) { position, scratch in
      scratch.begin()
      let plane = cache.plane(slot, position.block)
      let tap = cache.tap(position.block)
      var channel: Int?
      var map: Floats?
      /// Where a weight's input is, and which of the taps there is the weight's.
      func tapOf(_ weight: Int) -> (map: Floats, index: Int) {
        let (wanted, index) = weight.quotientAndRemainder(dividingBy: geometry.kernelArea)
        if let map, wanted == channel { return (map, index) }
        let view = inputChannel(
          wanted, of: channels.count, slot, position, cache, scratch)
        // A weight of a linear layer sees one pixel of what may be a whole image.
        if geometry.readsPixels {
          return (operations.preparePixel(stage, view, pixel: index, scratch), 0)
        }
        let prepared = operations.prepareMap(stage, view, slot: 0, scratch)
        channel = wanted
        map = prepared
        return (prepared, index)
      }
      for change in pending {
        if let weight = change.index {
          let source = tapOf(weight)
          kernels.addTap(
            geometry, map: source.map, index: source.index, amount: change.amount, to: plane)
        } else {
          kernels.affine(
            plane, height: geometry.height, width: geometry.width, scale: 1, shift: change.amount,
            activation: .identity,
            into: PlaneTarget(pointer: plane, rowStride: geometry.width * execution.lanes))
        }
      }
      if let index {
        let source = tapOf(index)
        kernels.copyTap(geometry, map: source.map, index: source.index, into: tap)
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

  /// Passes over the minibatch, one a stage; returns what the last of them does.
  private func evaluate(
    _ stages: [Int], candidates: Range<Int>, _ variants: [Variant], _ slot: Int, _ cache: LayerCache
  ) -> [Double] {
    var losses: [Double] = []
    for stage in stages {
      losses = measure(execution.graph.stages[stage].name) {
        evaluate(stage, candidates: candidates, variants, slot, cache)
      }
    }
    return losses
  }

  /// One pass over the minibatch: a stage's values for some of the candidates, and from them its
  /// batch norms, or, for the logits, the sums of the losses, which it returns.
  private func evaluate(
    _ stage: Int, candidates: Range<Int>, _ variants: [Variant], _ slot: Int, _ cache: LayerCache
  ) -> [Double] {
    let geometry = execution.geometries[stage]
    let isLast = stage == execution.graph.stages.count - 1
    let onlyChannel = cache.plan.reach[stage] == .channel
    let channels = onlyChannel ? output..<(output + 1) : 0..<geometry.outputs
    let perCandidate = isLast ? 1 : 2 * channels.count
    let sums = execution.chunkSums(
      samples: cache.batchSize, quantities: candidates.count * perCandidate)
    let area = geometry.area * execution.lanes
    // A convolution adds up the moments of its outputs while it has them in registers, unless a skip
    // changes them afterwards.
    let sumsOnTheWay =
      !onlyChannel && geometry.stage.normalized && geometry.weightOffset != nil
      && cache.plan.operation[stage] != .unaffected
      && (cache.plan.skip[stage] ?? .unaffected) == .unaffected
    execution.forEachBlock(of: cache.batchSize) { position, scratch in
      let step = Step(
        evaluator: self, cache: cache, variants: variants, slot: slot, position: position,
        scratch: scratch, last: candidates.upperBound - 1)
      for (place, candidate) in candidates.enumerated() {
        let slots = sums.slots(position, place * perCandidate, count: perCandidate)
        if isLast {
          execution.kernels.loss(
            loss, step.logits(candidate), classes: geometry.outputs,
            labels: cache.labels(slot, position.block), valid: position.valid,
            slot: position.slot, into: slots)
          continue
        }
        if sumsOnTheWay {
          step.takeMoments(stage, candidate, into: slots)
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
    if isLast { return candidates.indices.map { sums.total($0 - candidates.lowerBound) } }
    guard geometry.stage.normalized else { return [] }
    let count = cache.batchSize * geometry.area
    for (place, candidate) in candidates.enumerated() {
      for (index, channel) in channels.enumerated() {
        let quantity = place * perCandidate + 2 * index
        let moments = Moments(
          sum: sums.total(quantity), squares: sums.total(quantity + 1), count: count)
        execution.normalize(
          stage, channel: channel, mean: moments.mean, variance: moments.variance,
          into: candidateAffines[candidate][stage])
      }
    }
    return []
  }

  /// The candidates' values in one block.
  private struct Step {
    let evaluator: IncrementalEvaluator
    let cache: LayerCache
    let variants: [Variant]
    let slot: Int
    let position: BlockPosition
    let scratch: WorkerScratch
    /// The candidate after which the next block comes.
    let last: Int

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
      let out = scratch.outputs[stage] + output * area
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
        cache.candidate(stage, candidate, position.block) ?? scratch.outputs[stage]
      if plan.operation[stage] == .unaffected {
        if let residual = cache.residual(stage, slot, position.block) {
          out.update(from: residual, count: execution.geometries[stage].count * execution.lanes)
        }
      } else {
        operate(stage, candidate, into: out, moments: nil)
      }
      addSkip(stage, candidate, to: out)
      return Floats(out)
    }

    /// Adds the moments of all channels of a stage to `sums`; the values themselves are kept only
    /// where a later pass reads them.
    func takeMoments(_ stage: Int, _ candidate: Int, into sums: UnsafeMutablePointer<Double>) {
      let outputs = execution.geometries[stage].outputs
      let moments = scratch.moments
      moments.update(repeating: 0, count: 2 * outputs * execution.lanes)
      let kept = cache.candidate(stage, candidate, position.block)
      let isPartial = plan.operation[stage] == .channel
      operate(
        stage, candidate, into: kept ?? (isPartial ? nil : scratch.outputs[stage]),
        moments: moments)
      execution.kernels.addMoments(
        moments, outputs: outputs, valid: position.valid, slot: position.slot, into: sums)
    }

    /// What of a stage's operation depends on the change, on top of the residual.
    private func operate(
      _ stage: Int, _ candidate: Int, into out: MutableFloats?, moments: MutableFloats?
    ) {
      guard case .stage(let source) = execution.geometries[stage].stage.source else { return }
      let residual = cache.residual(stage, slot, position.block).map { Floats($0) }
      if plan.operation[stage] == .channel {
        operations.apply(
          stage, channel: output, channel(source, candidate), initial: residual,
          nextInitial: nextResidual(stage, candidate), into: out, moments: moments, scratch)
      } else if let out, isMadeOnTheWay(source, for: stage) {
        guard case .stage(let earlier) = execution.geometries[source].stage.source else { return }
        operations.applyInStep(
          stage, from: source, channel: output, channel(earlier, candidate),
          sourceInitial: cache.residual(source, slot, position.block).map { Floats($0) },
          nextInitial: nextResidual(source, candidate),
          affine: evaluator.candidateAffines[candidate][source].view, initial: residual, into: out,
          moments: moments, scratch)
      } else if let out {
        operations.applyInStep(
          stage, tensor(source, candidate), initial: residual, into: out, moments: moments, scratch)
      }
    }

    /// Whether a source's values are nothing but a residual and one channel's contribution, which are
    /// computed where they are read.
    private func isMadeOnTheWay(_ source: Int, for stage: Int) -> Bool {
      plan.operation[source] == .channel && !plan.isStored[source]
        && (plan.skip[source] ?? .unaffected) == .unaffected
        && execution.geometries[source].weightOffset != nil && operations.readsMapsOfReLU(stage)
    }

    /// What the first candidate of the next block will read, for the last of this one to fetch.
    private func nextResidual(_ stage: Int, _ candidate: Int) -> Floats? {
      guard candidate == last, position.block + 1 < cache.blocks else { return nil }
      return cache.residual(stage, slot, position.block + 1).map { Floats($0) }
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
      let out = scratch.outputs[last]
      let own = out + output * lanes
      if last == plan.stage {
        let view = channel(last, candidate)
        guard let tap = view.tap else { return Floats(out) }
        copyOtherLogits(geometry, to: out)
        execution.kernels.candidate(
          view.values, tap: tap, amount: view.amount, offset: view.offset, height: 1, width: 1,
          scale: 1, shift: 0, activation: .identity,
          into: PlaneTarget(pointer: own, rowStride: lanes))
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
