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
      execution: execution, packer: images, order: minibatch.samples, affines: affines)
    measure(Pass.load) { forward.keep(earlierStages(of: searched)) }
    defer { forward.release(0..<searched) }
    let targets = TargetStorage(
      task: samples.targets.task, outputs: execution.outputs, blocks: forward.order.blocks,
      lanes: execution.lanes, on: execution.device)
    targets.store(samples.targets, of: forward.order, from: 0)
    return candidates.map { parameters in
      execution.replaceParameters(with: parameters)
      execution.setSampleNorms(in: affines)
      var candidate = forward
      return measure(Pass.network) {
        candidate.takeStatistics(of: searched..<stages.count, keepingFor: stages.count - 1)
        defer { candidate.release(searched..<stages.count) }
        return candidate.value(
          of: objective, lossTables, targets, samples.targets, minibatch)
      }
    }
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
    of objective: Objective, _ tables: LossTables, _ targets: borrowing TargetStorage,
    _ all: Targets, _ minibatch: Minibatch
  ) -> Double {
    let last = execution.graph.stages.count - 1
    let pass = ObjectivePass(
      objective, tables, execution, samples: count, candidates: 1)
    execution.forEachBlock(of: count, sums: pass.sums) { block, scratch in
      scratch.begin()
      pass.take(
        forward(block, scratch).fixedView(.stage(last)).values, of: 0, in: block,
        targets: targets.block(block.place))
    }
    return pass.losses(all, of: minibatch.samples, slot: minibatch.slot ?? 0)[0]
  }
}
