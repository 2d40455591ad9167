import RSONumerics

/// Evaluation with fixed batch-norm statistics: no sample's answer depends on another's.
///
/// Also takes those statistics over a set of samples, stage by stage.
struct FixedForward {
  let execution: NetworkExecution
  let packer: SamplePacker
  /// Training samples in the order of evaluation; nil: all, as they come.
  let order: [Int32]?
  /// A stage's batch norm each; the identity where it has none.
  let affines: [ChannelAffine]
  /// Stage outputs kept for all blocks, where a later stage will read them.
  private var kept: [StoragePool.Share?]

  init(
    execution: NetworkExecution, samples: Samples, order: [Int32]? = nil, affines: [ChannelAffine]
  ) {
    self.execution = execution
    self.order = order
    self.affines = affines
    packer = SamplePacker(samples: samples, lanes: execution.lanes, kernels: execution.kernels)
    kept = Array(repeating: nil, count: affines.count)
  }

  var count: Int { order?.count ?? packer.samples.count }

  /// The values of a source for the block at hand, computed where they are not kept.
  func view(
    _ source: Stage.Source, _ position: BlockPosition, _ scratch: WorkerScratch
  ) -> TensorView {
    switch source {
    case .samples:
      if !scratch.packed {
        packer.pack(position, into: scratch.images) { index in
          order.map { Int($0[index]) } ?? index
        }
        scratch.packed = true
      }
      return TensorView(values: scratch.images, affine: execution.sampleAffine)
    case .stage(let stage):
      if let share = kept[stage] {
        return TensorView(
          values: values(share, of: stage, position.block), affine: affines[stage])
      }
      let out = scratch.outputs[stage]
      if !scratch.computed[stage] {
        compute(stage, position, into: out, scratch)
        scratch.computed[stage] = true
      }
      return TensorView(values: out, affine: affines[stage])
    }
  }

  /// One stage's values before its batch norm.
  func compute(
    _ stage: Int, _ position: BlockPosition, into out: MutableFloats, _ scratch: WorkerScratch
  ) {
    let spec = execution.geometries[stage].stage
    let operations = execution.operations
    operations.apply(stage, view(spec.source, position, scratch), into: out, scratch)
    if let skip = spec.skip, case .stage(let source) = skip {
      operations.addSkip(
        stage, view(skip, position, scratch), from: execution.geometries[source], to: out, scratch)
    }
  }

  /// Computes stages and keeps their values, for passes that begin with them.
  mutating func keep(_ stages: [Int]) {
    for stage in stages {
      let own = take(stage)
      let forward = self
      execution.forEachBlock(of: count) { position, scratch in
        scratch.begin()
        forward.compute(
          stage, position, into: forward.values(own, of: stage, position.block), scratch)
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

  /// Gives up what is kept of `range`'s stages.
  mutating func release(_ range: Range<Int>) {
    for stage in range {
      if let done = kept[stage] { execution.storage.put(done) }
      kept[stage] = nil
    }
  }

  /// Takes the batch-norm statistics of `range`'s stages, setting their `affines`; those of the
  /// stages before must be set already.
  ///
  /// - Parameter reader: What this and earlier stages read is kept; nil: only what the statistics
  ///   themselves do.
  mutating func takeStatistics(
    of range: Range<Int>, keepingFor reader: Int? = nil,
    _ report: (_ stage: Int, _ mean: [Float], _ variance: [Float]) -> Void = { _, _, _ in }
  ) {
    let stages = execution.graph.stages
    guard let last = stages[range].lastIndex(where: \.normalized) else { return }
    let order = StatisticsOrder(geometries: execution.geometries, last: reader ?? last)
    for stage in range.lowerBound...last where stages[stage].normalized {
      let geometry = execution.geometries[stage]
      let overwritten = order.overwritten(stage, from: range.lowerBound)
      let own = order.isKept(stage) ? overwritten.flatMap { kept[$0] } ?? take(stage) : nil
      // A block's values go by way of the scratch where they would overwrite what is still to be read.
      let isInPlace = overwritten == nil || geometry.readsBeforeWriting
      let sums = execution.chunkSums(samples: count, quantities: 2 * geometry.outputs)
      let forward = self
      execution.forEachBlock(of: count) { position, scratch in
        scratch.begin()
        let target = own.map { forward.values($0, of: stage, position.block) }
        let out = isInPlace ? target ?? scratch.outputs[stage] : scratch.outputs[stage]
        forward.compute(stage, position, into: out, scratch)
        if let target, target != out {
          target.update(from: out, count: geometry.count * forward.execution.lanes)
        }
        forward.execution.kernels.moments(
          out, channels: geometry.outputs, count: geometry.area, valid: position.valid,
          slot: position.slot, into: sums.slots(position, 0, count: 2 * geometry.outputs))
      }
      var mean: [Float] = []
      var variance: [Float] = []
      for channel in 0..<geometry.outputs {
        let moments = Moments(
          sum: sums.total(2 * channel), squares: sums.total(2 * channel + 1),
          count: count * geometry.area)
        // Rounded first, so that a stored copy normalises to the same bits.
        mean.append(Float(moments.mean))
        variance.append(Float(moments.variance))
        execution.normalize(
          stage, channel: channel, mean: Double(mean[channel]),
          variance: Double(variance[channel]), into: affines[stage])
      }
      report(stage, mean, variance)
      if own != nil, let overwritten { kept[overwritten] = nil }
      kept[stage] = own
      for earlier in range.lowerBound..<max(stage, range.lowerBound)
      where !order.isRead(earlier, after: stage) {
        release(earlier..<(earlier + 1))
      }
    }
  }
}

/// Which stages' values are kept while statistics are taken up to stage `last`.
struct StatisticsOrder {
  let geometries: [StageGeometry]
  let last: Int

  /// A stage that is cheaper to compute again than to keep is not kept: one that reads the samples
  /// through a small kernel, whose output is the largest there is.
  func isKept(_ stage: Int) -> Bool {
    isRead(stage, after: stage) && !geometries[stage].isCheap
  }

  /// The stage, from `first` on, whose kept values a stage's own take the place of: nobody else reads
  /// them.
  func overwritten(_ stage: Int, from first: Int) -> Int? {
    let geometry = geometries[stage]
    guard case .stage(let source) = geometry.stage.source, source >= first, isKept(source),
      geometries[source].stage.normalized, geometry.weightOffset != nil,
      geometry.count == geometries[source].count,
      !isRead(source, after: stage)
    else { return nil }
    // A skip that is not kept is computed again while the stage is, from `source` perhaps.
    if let skip = geometry.stage.skip, case .stage(let other) = skip {
      guard other != source, isKept(other), geometries[other].stage.normalized else { return nil }
    }
    return source
  }

  func isRead(_ stage: Int, after reader: Int) -> Bool {
    reader < last
      && geometries[(reader + 1)...last].contains {
        $0.stage.source == .stage(stage) || $0.stage.skip == .stage(stage)
      }
  }
}

extension StageGeometry {
  /// Reads the samples themselves through few weights: to compute it again costs less than to read
  /// it from memory.
  var isCheap: Bool { stage.source == .samples && weightOffset != nil && fanIn <= 32 }
}

/// Mean and biased variance from sums.
struct Moments {
  let mean: Double
  let variance: Double

  init(sum: Double, squares: Double, count: Int) {
    mean = sum / Double(count)
    variance = max(0, squares / Double(count) - mean * mean)
  }
}
