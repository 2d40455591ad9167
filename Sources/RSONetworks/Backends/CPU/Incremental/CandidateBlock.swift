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

  // MARK: Some channels

  /// The channels of a stage that change.
  private func view(_ stage: Int, _ candidate: Int) -> PartView {
    let affine = evaluator.candidateAffines[candidate][stage]
    if stage == plan.stage { return PartView(searched: searchedChannel(candidate)) }
    let values =
      plan.reach.output[stage] == .full
      ? tensor(stage, candidate).values : channelValues(stage, candidate)
    return PartView(
      TensorView(values: values, affine: affine),
      stride: execution.geometries[stage].area * execution.lanes)
  }

  private func searchedChannel(_ candidate: Int) -> ChannelView {
    let affine = evaluator.candidateAffines[candidate][plan.stage]
    var view = ChannelView(
      values: context.plane, scale: affine.scale(output), shift: affine.shift(output))
    view.tap = Floats(context.tap)
    view.amount = candidates[candidate].amount
    view.offset = candidates[candidate].offset
    return view
  }

  /// The channels that change in a stage after the searched one that changes in part, before batch norm:
  /// at their places among all channels.
  func channelValues(_ stage: Int, _ candidate: Int) -> Floats {
    let geometry = execution.geometries[stage]
    let area = geometry.area * execution.lanes
    let out = scratch.outputs[stage]
    if geometry.stage.operation == nil {
      pass(stage, candidate, into: out)
      return Floats(out)
    }
    if let baseSum = context.baseSum(stage) {
      let channels = reached(stage)
      execution.kernels.copy(
        baseSum + channels.lowerBound * area, count: channels.count * geometry.area,
        into: out + channels.lowerBound * area)
    }
    if plan.reach.operation[stage].isPart { sumGroups(stage, candidate, into: out) }
    addSkip(stage, candidate, to: out)
    return Floats(out)
  }

  private func reached(_ stage: Int) -> Range<Int> { plan.reached(stage, by: output) }

  /// The channels that change in a stage without a weighted operation: all of them, or some.
  private func pass(_ stage: Int, _ candidate: Int, into out: MutableFloats) {
    let geometry = execution.geometries[stage]
    guard case .stage(let source) = geometry.stage.source else {
      return copyBase(stage, reached(stage), into: out, then: candidate)
    }
    let changed = plan.reach.channels(
      plan.reach.operation[stage], of: output, among: geometry.inputs)
    guard !changed.isEmpty else {
      return copyBase(stage, reached(stage), into: out, then: candidate)
    }
    let area = geometry.area * execution.lanes
    let view = view(source, candidate)
    let baseSum = context.baseSum(stage)
    let isAdded = geometry.stage.skip != nil && plan.reach.skip[stage] != .full
    for channel in reached(stage) {
      if changed.contains(channel) {
        operations.transform(
          stage, view[channel], into: operations.plane(geometry, channel, of: out), scratch)
        // The part of the sum that does not change.
        if isAdded, let baseSum {
          execution.kernels.addAffine(
            baseSum + channel * area, count: geometry.area, scale: 1, shift: 0,
            to: out + channel * area)
        }
      } else if let baseSum {
        execution.kernels.copy(
          baseSum + channel * area, count: geometry.area, into: out + channel * area)
      } else {
        operations.clear(stage, channel, in: out)
      }
    }
    if geometry.stage.normGroups != nil {
      operations.normalizeGroups(stage, touching: changed, affected: true, of: out)
    }
    addSkip(stage, candidate, to: out)
  }

  private func copyBase(
    _ stage: Int, _ channels: Range<Int>, into out: MutableFloats, then candidate: Int
  ) {
    let pixels = execution.geometries[stage].area
    let area = pixels * execution.lanes
    if let baseSum = context.baseSum(stage) {
      execution.kernels.copy(
        baseSum + channels.lowerBound * area, count: channels.count * pixels,
        into: out + channels.lowerBound * area)
    } else {
      for channel in channels { operations.clear(stage, channel, in: out) }
    }
    addSkip(stage, candidate, to: out)
  }

  // MARK: All channels

  /// All channels of a stage that changes in all of them: in the storage of candidates, otherwise in
  /// the scratch.
  @discardableResult
  func compute(_ stage: Int, _ candidate: Int) -> Floats {
    let out = context.candidate(stage, candidate) ?? scratch.outputs[stage]
    if execution.geometries[stage].stage.operation == nil {
      pass(stage, candidate, into: out)
      return Floats(out)
    }
    if plan.reach.operation[stage] == .unaffected {
      if let baseSum = context.baseSum(stage) {
        execution.kernels.copy(baseSum, count: execution.geometries[stage].count, into: out)
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
    execution.kernels.fill(0, count: 2 * outputs, into: moments)
    let kept = context.candidate(stage, candidate)
    let isPartial = plan.reach.operation[stage].isPart
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
    if plan.reach.operation[stage].isPart, execution.geometries[stage].groups > 1 {
      // Only a skip that changes in all channels lets all outputs change: no moments on the way.
      guard let out, let baseSum else { return }
      execution.kernels.copy(baseSum, count: execution.geometries[stage].count, into: out)
      sumGroups(stage, candidate, into: out)
    } else if plan.reach.operation[stage].isPart {
      operations.sumChannels(
        stage, channels: reached(source), view(source, candidate), onto: baseSum,
        nextInitial: nextBaseSum(stage, candidate), into: out, moments: moments, scratch)
    } else if let out, passes(through: source, to: stage) {
      guard case .stage(let earlier) = execution.geometries[source].stage.source else { return }
      let passing = StageOperations.Passing(
        source: source, affine: evaluator.candidateAffines[candidate][source].view,
        channels: reached(earlier), view: view(earlier, candidate),
        baseSum: context.baseSum(source).map { Floats($0) },
        nextBaseSum: nextBaseSum(source, candidate))
      operations.sumInStep(stage, passing, onto: baseSum, into: out, moments: moments, scratch)
    } else if let out {
      operations.sumInStep(
        stage, tensor(source, candidate), onto: baseSum, into: out, moments: moments, scratch)
    }
  }

  /// The outputs of the groups of channels that change.
  private func sumGroups(_ stage: Int, _ candidate: Int, into out: MutableFloats) {
    guard case .stage(let source) = execution.geometries[stage].stage.source else { return }
    operations.sumChannelsOfGroups(
      stage, channels: reached(source), view(source, candidate),
      onto: context.baseSum(stage).map { Floats($0) }, into: out, scratch)
  }

  /// True if a source's values are a base sum plus some channels' contributions and are not stored,
  /// so that `stage` computes them while it reads them.
  private func passes(through source: Int, to stage: Int) -> Bool {
    plan.reach.operation[source].isPart && !plan.storage.isStored[source]
      && (plan.reach.skip[source] ?? .unaffected) == .unaffected
      && execution.geometries[source].weightOffset != nil
      && execution.geometries[source].groups == 1 && operations.readsMapsOfReLU(stage)
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
    let geometry = execution.geometries[stage]
    guard let skip = geometry.stage.skip, case .stage(let source) = skip else { return }
    switch plan.reach.skip[stage] ?? .unaffected {
    case .unaffected: return
    case .part:
      let area = geometry.area * execution.lanes
      let view = view(source, candidate)
      for channel in reached(source) {
        operations.addSkipChannel(
          stage, view[channel], to: out + (geometry.stage.skipOffset + channel) * area, scratch)
      }
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
    guard plan.reach.output[last].isPart else { return compute(last, candidate) }
    let out = scratch.outputs[last]
    if let baseSum = context.baseSum(last) {
      execution.kernels.copy(baseSum, count: geometry.count, into: out)
    }
    if last == plan.stage {
      let view = searchedChannel(candidate)
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
