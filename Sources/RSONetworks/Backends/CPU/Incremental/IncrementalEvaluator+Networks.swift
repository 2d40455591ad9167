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
        return candidate.value(
          of: objective, weights: classWeights, targets, samples.targets, minibatch)
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
  /// The objective of the samples; `targets` are in their order.
  ///
  /// - Parameter minibatch: The index among `all` of each of them.
  fileprivate func value(
    of objective: Objective, weights: FloatStorage?, _ targets: borrowing TargetStorage,
    _ all: Targets, _ minibatch: Minibatch
  ) -> Double {
    let last = execution.graph.stages.count - 1
    let pass = ObjectivePass(
      objective, weights: weights, execution, samples: count, candidates: 1)
    execution.forEachBlock(of: count) { block, scratch in
      scratch.begin()
      pass.take(
        forward(block, scratch).fixedView(.stage(last)).values, of: 0, in: block,
        targets: targets.block(block.place))
    }
    return pass.losses(all, of: minibatch.samples, slot: minibatch.slot ?? 0)[0]
  }
}
