import RSONumerics

/// One step: the losses of up to three candidates on a minibatch whose residuals are in place.
extension IncrementalEvaluator {
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
  ) -> [CandidateChange] {
    let geometry = execution.geometries[stage]
    let stored = execution.parameters[layout.offset(of: address)]
    let unchanged = CandidateChange(
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
    _ address: WeightAddress, _ slot: Int, _ cache: LayerCache, _ variants: [CandidateChange]
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
    _ stages: [Int], candidates: Range<Int>, _ variants: [CandidateChange], _ slot: Int,
    _ cache: LayerCache
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
    _ stage: Int, candidates: Range<Int>, _ variants: [CandidateChange], _ slot: Int,
    _ cache: LayerCache
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
      let step = CandidateBlock(
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
}
