import RSONumerics

/// The losses of networks that differ in many parameters at once: evaluated whole, from the current
/// layer on.
extension IncrementalEvaluator {
  package func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double] {
    let own = execution.parameters
    defer {
      execution.replaceParameters(with: own)
      setSampleNorms()
    }
    cache = nil
    let searched = execution.stage(ofLayer: layer)
    let stages = execution.graph.stages.indices
    let affines = Array(fixed[..<searched] + candidateAffines[0][searched...])
    var forward = FixedForward(
      execution: execution, samples: images, order: minibatch.samples, affines: affines)
    measure(Pass.load) { forward.keep(earlierStages(of: searched)) }
    defer { forward.release(0..<searched) }
    let targets = targets(of: minibatch)
    return candidates.map { parameters in
      execution.replaceParameters(with: parameters)
      execution.setSampleNorms(in: affines)
      var candidate = forward
      return measure(Pass.network) {
        candidate.takeStatistics(of: searched..<stages.count, keepingFor: stages.count - 1)
        defer { candidate.release(searched..<stages.count) }
        return candidate.mean(loss, targets)
      }
    }
  }

  /// The targets of a minibatch.
  private func targets(of minibatch: Minibatch) -> TargetStorage {
    let (count, lanes) = (minibatch.samples.count, execution.lanes)
    let blocks = execution.blocks(of: count)
    let storage = TargetStorage(
      task: samples.targets.task, outputs: execution.outputs, blocks: blocks, lanes: lanes)
    let chunks = execution.ranks.share(of: NetworkExecution.chunks(of: count))
    let first = chunks.lowerBound * NetworkExecution.chunkSamples
    for block in 0..<blocks {
      storage.store(samples.targets, in: block) { lane in
        let index = first + block * lanes + lane
        return Int(minibatch.samples[index < count ? index : 0])
      }
    }
    return storage
  }

  /// Stages before `searched` that it or later stages read.
  private func earlierStages(of searched: Int) -> [Int] {
    let readers = execution.graph.stages[searched...]
    return (0..<searched).filter { stage in
      readers.contains { $0.reads(stage) }
    }
  }
}

extension FixedForward {
  /// The mean loss of the samples; `targets` are in their order.
  fileprivate func mean(_ loss: Loss, _ targets: borrowing TargetStorage) -> Double {
    let last = execution.graph.stages.count - 1
    let sums = execution.chunkSums(samples: count, quantities: 1)
    execution.forEachBlock(of: count) { block, scratch in
      scratch.begin()
      execution.kernels.loss(
        loss, forward(block, scratch).fixedView(.stage(last)).values,
        count: execution.outputs, targets: targets.block(block.place), valid: block.valid,
        slot: block.foldSlot, into: sums.slots(block, 0, count: 1))
    }
    return sums.total(0) / Double(count)
  }
}
