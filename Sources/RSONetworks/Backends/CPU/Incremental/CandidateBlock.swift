/// A candidate of the searched channel: its plane is z + amount * tap + offset.
struct CandidateChange {
  var amount: Float = 0
  var offset: Float = 0
  var gamma: Float
  var beta: Float
}

/// The candidates' values in one block.
struct CandidateBlock {
  let context: BlockContext
  let candidates: [CandidateChange]
  /// The last candidate that is evaluated before the next block.
  let last: Int

  private var evaluator: IncrementalEvaluator { context.evaluator }
  private var execution: NetworkExecution { evaluator.execution }
  private var operations: StageOperations { execution.operations }
  private var scratch: WorkerScratch { context.scratch }
  private var plan: StepPlan { context.cache.plan }
  /// The searched channel.
  private var output: Int { evaluator.output }

  // MARK: One channel

  /// The searched channel of a stage in which nothing else changes.
  func channel(_ stage: Int, _ candidate: Int) -> ChannelView {
    let affine = evaluator.candidateAffines[candidate][stage]
    guard stage == plan.stage else {
      return ChannelView(
        values: channelValues(stage, candidate), scale: affine.scale(output),
        shift: affine.shift(output))
    }
    var view = ChannelView(
      values: context.plane, scale: affine.scale(output), shift: affine.shift(output))
    view.tap = Floats(context.tap)
    view.amount = candidates[candidate].amount
    view.offset = candidates[candidate].offset
    return view
  }

  /// The same before batch norm, for a stage after the searched one.
  func channelValues(_ stage: Int, _ candidate: Int) -> Floats {
    let geometry = execution.geometries[stage]
    let area = geometry.area * execution.lanes
    let out = scratch.outputs[stage] + output * area
    if plan.reach.operation[stage] == .channel, case .stage(let source) = geometry.stage.source {
      operations.transform(
        stage, channel(source, candidate),
        into: PlaneTarget(pointer: out, rowStride: geometry.width * execution.lanes), scratch)
    } else if let baseSum = context.baseSum(stage) {
      out.update(from: baseSum + output * area, count: area)
      addSkip(stage, candidate, to: out - output * area)
    }
    return Floats(out)
  }

  // MARK: All channels

  /// All channels of a stage that changes in all of them: in the storage of candidates, otherwise in
  /// the scratch.
  @discardableResult
  func compute(_ stage: Int, _ candidate: Int) -> Floats {
    let out = context.candidate(stage, candidate) ?? scratch.outputs[stage]
    if plan.reach.operation[stage] == .unaffected {
      if let baseSum = context.baseSum(stage) {
        out.update(from: baseSum, count: execution.geometries[stage].count * execution.lanes)
      }
    } else {
      sum(stage, candidate, into: out, moments: nil)
    }
    addSkip(stage, candidate, to: out)
    return Floats(out)
  }

  /// Adds the moments of all channels of a stage to `sums`. The values themselves are kept only where
  /// a later pass reads them.
  func takeMoments(_ stage: Int, _ candidate: Int, into sums: UnsafeMutablePointer<Double>) {
    let outputs = execution.geometries[stage].outputs
    let moments = scratch.moments
    moments.update(repeating: 0, count: 2 * outputs * execution.lanes)
    let kept = context.candidate(stage, candidate)
    let isPartial = plan.reach.operation[stage] == .channel
    sum(
      stage, candidate, into: kept ?? (isPartial ? nil : scratch.outputs[stage]),
      moments: moments)
    execution.kernels.addMoments(
      moments, outputs: outputs, valid: context.block.valid, slot: context.block.foldSlot,
      into: sums)
  }

  /// The part of a stage's sum that depends on the change, on top of the base sum.
  private func sum(
    _ stage: Int, _ candidate: Int, into out: MutableFloats?, moments: MutableFloats?
  ) {
    guard case .stage(let source) = execution.geometries[stage].stage.source else { return }
    let baseSum = context.baseSum(stage).map { Floats($0) }
    if plan.reach.operation[stage] == .channel {
      operations.sumChannel(
        stage, channel: output, channel(source, candidate), onto: baseSum,
        nextInitial: nextBaseSum(stage, candidate), into: out, moments: moments, scratch)
    } else if let out, passes(through: source, to: stage) {
      guard case .stage(let earlier) = execution.geometries[source].stage.source else { return }
      let passing = StageOperations.Passing(
        source: source, affine: evaluator.candidateAffines[candidate][source].view,
        channel: output, view: channel(earlier, candidate),
        baseSum: context.baseSum(source).map { Floats($0) },
        nextBaseSum: nextBaseSum(source, candidate))
      operations.sumInStep(stage, passing, onto: baseSum, into: out, moments: moments, scratch)
    } else if let out {
      operations.sumInStep(
        stage, tensor(source, candidate), onto: baseSum, into: out, moments: moments, scratch)
    }
  }

  /// True if a source's values are a base sum plus one channel's contribution and are not stored,
  /// so that `stage` computes them while it reads them.
  private func passes(through source: Int, to stage: Int) -> Bool {
    plan.reach.operation[source] == .channel && !plan.storage.isStored[source]
      && (plan.reach.skip[source] ?? .unaffected) == .unaffected
      && execution.geometries[source].weightOffset != nil && operations.readsMapsOfReLU(stage)
  }

  /// The base sum that the first candidate of the next block will read, for the last candidate of this
  /// block to fetch.
  private func nextBaseSum(_ stage: Int, _ candidate: Int) -> Floats? {
    candidate == last ? context.nextBaseSum(stage) : nil
  }

  private func tensor(_ stage: Int, _ candidate: Int) -> TensorView {
    let values =
      context.candidate(stage, candidate).map { Floats($0) } ?? compute(stage, candidate)
    return TensorView(values: values, affine: evaluator.candidateAffines[candidate][stage])
  }

  /// Adds the part of a stage's skip that depends on the change.
  private func addSkip(_ stage: Int, _ candidate: Int, to out: MutableFloats) {
    guard let skip = execution.geometries[stage].stage.skip, case .stage(let source) = skip
    else { return }
    switch plan.reach.skip[stage] ?? .unaffected {
    case .unaffected: return
    case .channel:
      let area = execution.geometries[stage].area * execution.lanes
      operations.addSkipChannel(
        stage, channel(source, candidate), to: out + output * area, scratch)
    case .full:
      operations.addSkip(stage, to: out, scratch) { _ in tensor(source, candidate) }
    }
  }

  // MARK: Logits

  /// The logits of a candidate.
  func logits(_ candidate: Int) -> Floats {
    let last = execution.geometries.count - 1
    let geometry = execution.geometries[last]
    let lanes = execution.lanes
    guard plan.reach.output[last] == .channel else { return compute(last, candidate) }
    let out = scratch.outputs[last]
    if let baseSum = context.baseSum(last) {
      out.update(from: baseSum, count: geometry.count * lanes)
    }
    if last == plan.stage {
      let view = channel(last, candidate)
      guard let tap = view.tap else { return Floats(out) }
      execution.kernels.candidate(
        view.values, tap: tap, amount: view.amount, offset: view.offset, height: 1, width: 1,
        scale: 1, shift: 0, activation: .identity,
        into: PlaneTarget(pointer: out + output * lanes, rowStride: lanes))
    } else {
      _ = channelValues(last, candidate)
    }
    return Floats(out)
  }
}
