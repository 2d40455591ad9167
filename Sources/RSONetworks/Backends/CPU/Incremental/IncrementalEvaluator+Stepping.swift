import RSONumerics

/// One step: the losses of up to three candidates on a minibatch whose base sums are in place.
extension IncrementalEvaluator {
  func step(
    _ address: WeightAddress, _ values: [Float], _ slot: Int, _ cache: LayerCache
  ) -> [Double] {
    let plan = cache.plan
    let candidates = candidateChanges(address, values, plan.stage)
    measure(Pass.channel) { updatePlane(address, candidates, slot, cache) }
    var losses = passes(plan.together, of: candidates.indices, candidates, slot, cache)
    if !plan.apart.isEmpty {
      // The values of these stages fill the processor's cache: one candidate after the other.
      losses = candidates.indices.flatMap {
        passes(plan.apart, of: $0..<($0 + 1), candidates, slot, cache)
      }
    }
    precondition(losses.count == values.count, "the last pass takes the losses")
    return losses
  }

  private func candidateChanges(
    _ address: WeightAddress, _ values: [Float], _ stage: Int
  ) -> [CandidateChange] {
    let geometry = execution.geometries[stage]
    let stored = execution.parameters[layout.offset(of: address)]
    let unchanged = CandidateChange(
      gamma: execution.parameter(geometry.gammaOffset, output, default: 1),
      beta: execution.parameter(geometry.betaOffset, output, default: 0))
    return values.map { value in
      var change = unchanged
      switch address.kind {
      case .weight: change.amount = amount(value, stored)
      case .bias: change.offset = Float(Double(value) - Double(stored))
      case .gamma: change.gamma = value
      case .beta: change.beta = value
      }
      return change
    }
  }

  // MARK: The searched channel

  /// Adds the changes since the slot's last step to the searched channel's plane, copies the tap of
  /// the current weight, and computes the batch norm of each candidate from both.
  private func updatePlane(
    _ address: WeightAddress, _ candidates: [CandidateChange], _ slot: Int, _ cache: LayerCache
  ) {
    let geometry = execution.geometries[cache.plan.stage]
    // Taken here, since every thread counts the references that a block takes to an object.
    let (kernels, operations) = (execution.kernels, execution.operations)
    let pending = changes[cache.seen[slot]...]
    let index = address.kind == .weight ? address.index : nil
    let normalized = geometry.stage.normalized
    let sums = execution.chunkSums(samples: cache.batchSize, quantities: 5)
    // Counted in the output's group of channels, as weights are.
    let channels = Set(
      (pending.map(\.index) + [index]).compactMap { $0.map { $0 / geometry.kernelArea } })
    forEachBlock(slot, cache, sums: sums) { context in
      context.scratch.begin()
      let (plane, tap) = (context.plane, context.tap)
      var taps = TapReader(
        geometry: geometry, operations: operations, first: geometry.inputs(of: output).lowerBound,
        input: channels.isEmpty ? nil : context.input(of: channels.count))
      for change in pending {
        if let weight = change.index {
          let source = taps.read(weight, context)
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
        let source = taps.read(index, context)
        kernels.copyTap(geometry, map: source.map, index: source.index, into: tap)
      } else {
        kernels.fill(0, count: geometry.area, into: tap)
      }
      if normalized {
        kernels.jointMoments(
          plane, tap, count: geometry.area, valid: context.block.valid,
          slot: context.block.foldSlot, into: sums.slots(context.block, 0, count: 5))
      }
    }
    cache.markSeen(slot, changes: changes.count)
    if normalized { normalizeCandidates(candidates, sums, cache) }
    if geometry.stage.normGroups != nil {
      for (candidate, change) in candidates.enumerated() {
        candidateAffines[candidate][cache.plan.stage].set(
          output, scale: change.gamma, shift: change.beta)
      }
    }
  }

  /// Sets each candidate's batch norm of the searched channel from the sums of z, z^2, x, x^2 and z x,
  /// where z is the plane and x the tap: the moments of z + a x follow from them.
  private func normalizeCandidates(
    _ candidates: [CandidateChange], _ sums: ChunkSums, _ cache: LayerCache
  ) {
    let stage = cache.plan.stage
    let count = cache.batchSize * execution.geometries[stage].area
    for (candidate, change) in candidates.enumerated() {
      let a = Double(change.amount)
      let moments = Moments(
        sum: sums.total(0) + a * sums.total(2),
        squares: sums.total(1) + 2 * a * sums.total(4) + a * a * sums.total(3), count: count)
      candidateAffines[candidate][stage].set(
        output, mean: moments.mean + Double(change.offset), variance: moments.variance,
        gamma: change.gamma, beta: change.beta, epsilon: execution.epsilon)
    }
  }

  // MARK: Passes over later stages

  /// Makes a pass over the minibatch for each stage; returns what the last of them returns.
  private func passes(
    _ stages: [Int], of chosen: Range<Int>, _ candidates: [CandidateChange], _ slot: Int,
    _ cache: LayerCache
  ) -> [Double] {
    var losses: [Double] = []
    for stage in stages {
      losses = measure(execution.graph.stages[stage].name) {
        stage == execution.graph.stages.count - 1
          ? takeLosses(of: chosen, candidates, slot, cache)
          : normalize(stage, of: chosen, candidates, slot, cache)
      }
    }
    return losses
  }

  /// The objective of the chosen candidates on the minibatch.
  private func takeLosses(
    of chosen: Range<Int>, _ candidates: [CandidateChange], _ slot: Int, _ cache: LayerCache
  ) -> [Double] {
    if objective.isPlainMean {
      return sumLosses(of: chosen, candidates, slot, cache).map { $0 / Double(cache.batchSize) }
    }
    let pass = ObjectivePass(
      objective, lossTables, execution, samples: cache.batchSize,
      candidates: chosen.count)
    forEachBlock(slot, cache, sums: pass.sums) { context in
      let step = CandidateBlock(
        context: context, candidates: candidates, last: chosen.upperBound - 1)
      for (place, candidate) in chosen.enumerated() {
        pass.take(
          step.logits(candidate), of: place, in: context.block, targets: context.targets)
      }
    }
    return pass.losses(samples.targets, of: cache.samples[slot], slot: slot)
  }

  /// Sums the losses of the chosen candidates over the minibatch. The usual case of `takeLosses`, in which
  /// threads count no references.
  private func sumLosses(
    of chosen: Range<Int>, _ candidates: [CandidateChange], _ slot: Int, _ cache: LayerCache
  ) -> [Double] {
    let sums = execution.chunkSums(samples: cache.batchSize, quantities: chosen.count)
    forEachBlock(slot, cache, sums: sums) { context in
      let step = CandidateBlock(
        context: context, candidates: candidates, last: chosen.upperBound - 1)
      for (place, candidate) in chosen.enumerated() {
        execution.kernels.loss(
          loss, step.logits(candidate), count: execution.outputs, targets: context.targets,
          valid: context.block.valid, slot: context.block.foldSlot,
          into: sums.slots(context.block, place, count: 1))
      }
    }
    return chosen.indices.map { sums.total($0 - chosen.lowerBound) }
  }

  /// Computes a stage's values for the chosen candidates, and from them the candidates' batch norms.
  private func normalize(
    _ stage: Int, of chosen: Range<Int>, _ candidates: [CandidateChange], _ slot: Int,
    _ cache: LayerCache
  ) -> [Double] {
    let geometry = execution.geometries[stage]
    let plan = cache.plan
    let isPart = plan.reach.output[stage].isPart
    let channels = plan.reached(stage, by: output)
    let perCandidate = 2 * channels.count
    let sums = execution.chunkSums(
      samples: cache.batchSize, quantities: chosen.count * perCandidate)
    // A convolution adds up the moments of its outputs while it has them in registers, unless a skip
    // changes them afterwards.
    let sumsOnTheWay =
      !isPart && geometry.stage.normalized && geometry.weightOffset != nil
      && plan.reach.operation[stage] != .unaffected
      && (plan.reach.skip[stage] ?? .unaffected) == .unaffected
    forEachBlock(slot, cache, sums: sums) { context in
      let step = CandidateBlock(
        context: context, candidates: candidates, last: chosen.upperBound - 1)
      for (place, candidate) in chosen.enumerated() {
        let slots = sums.slots(context.block, place * perCandidate, count: perCandidate)
        if sumsOnTheWay {
          step.takeMoments(stage, candidate, into: slots)
          continue
        }
        let values =
          isPart ? step.channelValues(stage, candidate) : step.compute(stage, candidate)
        if geometry.stage.normalized {
          execution.kernels.moments(
            values + channels.lowerBound * geometry.area * execution.lanes,
            channels: channels.count, count: geometry.area, valid: context.block.valid,
            slot: context.block.foldSlot, into: slots)
        }
      }
    }
    guard geometry.stage.normalized else { return [] }
    let count = cache.batchSize * geometry.area
    for (place, candidate) in chosen.enumerated() {
      for (index, channel) in channels.enumerated() {
        let moments = sums.moments(place * perCandidate + 2 * index, count: count)
        execution.normalize(
          stage, channel: channel, mean: moments.mean, variance: moments.variance,
          into: candidateAffines[candidate][stage])
      }
    }
    return []
  }
}

/// Finds the taps of weights in one block of the searched stage's input.
private struct TapReader {
  /// The searched stage's.
  let geometry: KernelGeometry
  let operations: StageOperations
  /// The first channel of the searched output's group.
  let first: Int
  /// All channels of the input; nil if each is computed alone.
  let input: TensorView?
  /// The channel whose map is prepared.
  private var channel: Int?
  private var map: Floats?

  init(
    geometry: KernelGeometry, operations: StageOperations, first: Int, input: TensorView?
  ) {
    self.geometry = geometry
    self.operations = operations
    self.first = first
    self.input = input
  }

  /// The map in which a weight's input lies, and which tap of it is the weight's.
  @inline(__always)
  mutating func read(_ weight: Int, _ context: BlockContext) -> (map: Floats, index: Int) {
    let (place, index) = weight.quotientAndRemainder(dividingBy: geometry.kernelArea)
    let wanted = first + place
    if let map, wanted == channel { return (map, index) }
    let view =
      if let input {
        ChannelView(
          input, channel: wanted, stride: geometry.sourceShape.area * operations.lanes)
      } else {
        context.inputChannel(wanted)
      }
    // A weight of a linear layer sees one pixel of what may be a whole image.
    if geometry.readsPixels {
      return (operations.preparePixel(geometry, view, pixel: index, context.scratch), 0)
    }
    let prepared = operations.prepareMap(
      context.cache.plan.stage, view, map: 0, context.scratch)
    (channel, map) = (wanted, prepared)
    return (prepared, index)
  }
}
