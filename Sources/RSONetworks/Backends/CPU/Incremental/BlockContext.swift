/// One block of the minibatch in a slot, and the memory of the thread that works on it.
struct BlockContext {
  let evaluator: IncrementalEvaluator
  let cache: LayerCache
  /// The minibatch slot.
  let slot: Int
  let block: SampleBlock
  let scratch: WorkerScratch

  var execution: NetworkExecution { evaluator.execution }

  // MARK: What the cache keeps of the block

  var targets: BlockTargets { cache.targets(slot, block.place) }
  var images: MutableFloats? { cache.images(slot, block.place) }
  /// An earlier stage's values, where they are kept.
  func earlier(_ stage: Int) -> MutableFloats? { cache.earlier(stage, slot, block.place) }
  /// The searched channel of the searched stage.
  var plane: MutableFloats { cache.plane(slot, block.place) }
  /// The tap of the current weight, as a plane of the searched stage.
  var tap: MutableFloats { cache.tap(block.place) }
  func baseSum(_ stage: Int) -> MutableFloats? { cache.baseSum(stage, slot, block.place) }
  /// The part of a base sum that the group shares, where that is kept.
  func sharedSum(_ stage: Int) -> MutableFloats? { cache.sharedSum(stage, slot, block.place) }
  /// The values of a stage of `plan.baseStages`, without the searched channel.
  func baseValues(_ stage: Int) -> MutableFloats? { cache.baseValues(stage, slot, block.place) }
  func candidate(_ stage: Int, _ candidate: Int) -> MutableFloats? {
    cache.candidate(stage, candidate, block.place)
  }
  /// The base sum of the next block, to prefetch; nil for the last block.
  func nextBaseSum(_ stage: Int) -> Floats? {
    block.place + 1 < cache.blocks
      ? cache.baseSum(stage, slot, block.place + 1).map { Floats($0) } : nil
  }

  // MARK: Values before the searched stage

  /// All channels of a source of a base sum.
  func view(_ source: Stage.Source) -> TensorView {
    guard case .stage(let stage) = source, stage >= cache.plan.stage else {
      return fixedView(source)
    }
    guard let values = baseValues(stage) else {
      preconditionFailure("no base values of stage \(stage)")
    }
    return TensorView(values: values, affine: evaluator.baseAffines[stage])
  }

  /// All channels of the searched stage's input; nil if `count` of them are computed sooner one by one.
  func input(of count: Int) -> TensorView? {
    let source = execution.geometries[cache.plan.stage].stage.source
    if case .stage(let stage) = source, isComputedByChannels(stage, count: count) { return nil }
    return fixedView(source)
  }

  /// One channel of the searched stage's input, computed alone.
  func inputChannel(_ channel: Int) -> ChannelView {
    guard case .stage(let stage) = execution.geometries[cache.plan.stage].stage.source else {
      preconditionFailure("samples are not computed")
    }
    return fixedChannel(channel, of: stage)
  }
}

/// The stages before the searched one, with statistics of the whole training set.
extension BlockContext: BlockForward {
  func fixedAffine(_ stage: Int) -> ChannelAffine { evaluator.fixed[stage] }

  func samples() -> Floats {
    if let images { return Floats(images) }
    if !scratch.packed, let order = cache.order(slot) {
      evaluator.images.pack(order.block(block.place), into: scratch.images)
      scratch.packed = true
    }
    return Floats(scratch.images)
  }

  func values(of stage: Int) -> Floats? { earlier(stage).map { Floats($0) } }
}
