import RSONumerics

/// Evaluation of a set of samples with fixed batch-norm statistics: no sample's logits depend on
/// another sample.
///
/// Also computes those statistics over the samples, stage by stage.
struct FixedForward {
  let execution: NetworkExecution
  let packer: SamplePacker
  /// The samples in the order of evaluation.
  let order: SampleOrder
  /// A batch norm per stage; the identity where a stage has none.
  let affines: [ChannelAffine]
  /// Stage outputs kept for all blocks, where a later stage will read them.
  private var kept: [StoragePool.Share?]

  /// - Parameter order: Samples in the order of evaluation; nil: all, in their own order.
  init(
    execution: NetworkExecution, packer: SamplePacker, order: [Int32]? = nil,
    affines: [ChannelAffine]
  ) {
    self.execution = execution
    self.order = SampleOrder(order, of: packer.samples.count, execution)
    self.affines = affines
    self.packer = packer
    kept = Array(repeating: nil, count: affines.count)
  }

  var count: Int { order.count }

  /// One block of the samples.
  struct Block: BlockForward {
    let forward: FixedForward
    let block: SampleBlock
    let scratch: WorkerScratch

    var execution: NetworkExecution { forward.execution }

    func fixedAffine(_ stage: Int) -> ChannelAffine { forward.affines[stage] }

    func samples() -> Floats {
      if !scratch.packed {
        forward.packer.pack(forward.order.block(block.place), into: scratch.images)
        scratch.packed = true
      }
      return Floats(scratch.images)
    }

    func values(of stage: Int) -> Floats? {
      forward.kept[stage].map { Floats(forward.values($0, of: stage, block.place)) }
    }
  }

  /// Evaluates one block.
  func forward(_ block: SampleBlock, _ scratch: WorkerScratch) -> Block {
    Block(forward: self, block: block, scratch: scratch)
  }

  /// Computes stages and keeps their values, for passes that begin with them.
  mutating func keep(_ stages: [Int]) {
    for stage in stages {
      let own = take(stage)
      let forward = self
      execution.forEachBlock(of: count) { block, scratch in
        scratch.begin()
        forward.forward(block, scratch).compute(
          stage, into: forward.values(own, of: stage, block.place))
      }
      kept[stage] = own
    }
  }

  private func take(_ stage: Int) -> StoragePool.Share {
    execution.storage.take(
      execution.blocks(of: count) * execution.lanes * execution.geometries[stage].count)
  }

  private func values(
    _ share: StoragePool.Share, of stage: Int, _ block: Int
  ) -> MutableFloats {
    share.pointer + block * execution.lanes * execution.geometries[stage].count
  }

  /// Returns the kept values of `range`'s stages to the pool.
  mutating func release(_ range: Range<Int>) {
    for stage in range {
      if let done = kept[stage] { execution.storage.put(done) }
      kept[stage] = nil
    }
  }

  /// Takes the batch-norm statistics of `range`'s stages and sets their `affines`. Those of the stages
  /// before must be set already, and so must all sample norms'.
  ///
  /// - Parameter reader: The values that this stage and earlier ones read are kept; nil: only those
  ///   that the statistics themselves need.
  mutating func takeStatistics(
    of range: Range<Int>, keepingFor reader: Int? = nil,
    _ report: (_ stage: Int, _ mean: [Float], _ variance: [Float]) -> Void = { _, _, _ in }
  ) {
    let stages = execution.graph.stages
    guard let last = stages[range].lastIndex(where: \.normalized) else { return }
    let order = StatisticsOrder(geometries: execution.geometries, last: reader ?? last)
    for stage in range.lowerBound...last
    where stages[stage].normalized || order.isKept(stage) {
      let overwritten = order.overwritten(stage, from: range.lowerBound)
      let own = order.isKept(stage) ? overwritten.flatMap { kept[$0] } ?? take(stage) : nil
      let sums = sumMoments(of: stage, keptIn: own, isOverwriting: overwritten != nil)
      if stages[stage].normalized {
        let (mean, variance) = settle(stage, sums)
        report(stage, mean, variance)
      }
      if own != nil, let overwritten { kept[overwritten] = nil }
      kept[stage] = own
      for earlier in range.lowerBound..<max(stage, range.lowerBound)
      where !order.isRead(earlier, after: stage) {
        release(earlier..<(earlier + 1))
      }
    }
  }

  /// Computes a stage for all blocks, and the sums of its channels' moments.
  private func sumMoments(
    of stage: Int, keptIn own: StoragePool.Share?, isOverwriting: Bool
  ) -> ChunkSums {
    let geometry = execution.geometries[stage]
    // If a block's values would overwrite values that are still to be read, they go to the scratch
    // first.
    let isInPlace = !isOverwriting || geometry.readsBeforeWriting
    let sums = execution.chunkSums(samples: count, quantities: 2 * geometry.outputs)
    execution.forEachBlock(of: count, sums: sums) { block, scratch in
      scratch.begin()
      let target = own.map { values($0, of: stage, block.place) }
      let out = isInPlace ? target ?? scratch.outputs[stage] : scratch.outputs[stage]
      forward(block, scratch).compute(stage, into: out)
      if let target, target != out {
        execution.kernels.copy(out, count: geometry.count, into: target)
      }
      guard geometry.stage.normalized else { return }
      execution.kernels.moments(
        out, channels: geometry.outputs, count: geometry.area, valid: block.valid,
        slot: block.foldSlot, into: sums.slots(block, 0, count: 2 * geometry.outputs))
    }
    return sums
  }

  /// Sets a stage's batch norm from the sums of its moments.
  private func settle(_ stage: Int, _ sums: ChunkSums) -> (mean: [Float], variance: [Float]) {
    let geometry = execution.geometries[stage]
    var mean: [Float] = []
    var variance: [Float] = []
    for channel in 0..<geometry.outputs {
      let moments = sums.moments(2 * channel, count: count * geometry.area)
      // Rounded first, so that a stored copy normalises to the same bits.
      mean.append(Float(moments.mean))
      variance.append(Float(moments.variance))
      execution.normalize(
        stage, channel: channel, mean: Double(mean[channel]),
        variance: Double(variance[channel]), into: affines[stage])
    }
    return (mean, variance)
  }
}
