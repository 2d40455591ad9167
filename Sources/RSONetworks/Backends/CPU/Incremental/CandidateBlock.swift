/// A candidate of the searched channel: its plane is z + amount * tap + offset.
struct CandidateChange {
  var amount: Float = 0
  var offset: Float = 0
  var gamma: Float
  var beta: Float
}

/// The candidates' values in one block.
struct CandidateBlock {
  let evaluator: IncrementalEvaluator
  let cache: LayerCache
  let variants: [CandidateChange]
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
