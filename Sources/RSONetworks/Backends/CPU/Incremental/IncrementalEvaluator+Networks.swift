import RSONumerics

/// The losses of networks that differ in many parameters at once: evaluated whole, from the current
/// layer on.
extension IncrementalEvaluator {
  package func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double] {
    let own = execution.parameters
    defer { execution.replaceParameters(with: own) }
    cache = nil
    let searched = execution.stage(ofLayer: layer)
    let stages = execution.graph.stages.indices
    let affines = Array(fixed[..<searched] + candidateAffines[0][searched...])
    var forward = FixedForward(
      execution: execution, samples: images, order: minibatch.samples, affines: affines)
    measure(Pass.load) { forward.keep(inputs(of: searched)) }
    defer { forward.release(0..<searched) }
    let labels = paddedLabels(of: minibatch)
    return candidates.map { parameters in
      execution.replaceParameters(with: parameters)
      var candidate = forward
      return measure(Pass.network) {
        candidate.takeStatistics(of: searched..<stages.count, keepingFor: stages.count - 1)
        defer { candidate.release(searched..<stages.count) }
        return candidate.mean(loss, labels: labels)
      }
    }
  }

  /// The labels of a minibatch, up to the end of its last block.
  private func paddedLabels(of minibatch: Minibatch) -> AlignedBuffer<Int32> {
    let classes = samples.targets.classes
    let labels = AlignedBuffer<Int32>(
      count: execution.blocks(of: minibatch.samples.count) * execution.lanes)
    for (place, sample) in minibatch.samples.enumerated() {
      labels.pointer[place] = Int32(classes[Int(sample)])
    }
    return labels
  }

  /// Stages before `searched` that it or later stages read.
  private func inputs(of searched: Int) -> [Int] {
    let readers = execution.graph.stages[searched...]
    return (0..<searched).filter { stage in
      readers.contains { $0.source == .stage(stage) || $0.skip == .stage(stage) }
    }
  }
}

extension FixedForward {
  /// The mean loss of the samples; `labels` are in their order.
  fileprivate func mean(_ loss: Loss, labels: borrowing AlignedBuffer<Int32>) -> Double {
    let lanes = execution.lanes
    let last = execution.graph.stages.count - 1
    let sums = execution.chunkSums(samples: count, quantities: 1)
    let labels = labels.pointer
    execution.forEachBlock(of: count) { block, scratch in
      scratch.begin()
      execution.kernels.loss(
        loss, forward(block, scratch).fixedView(.stage(last)).values,
        classes: execution.geometries[last].outputs, labels: labels + block.index * lanes,
        valid: block.valid, slot: block.foldSlot, into: sums.slots(block, 0, count: 1))
    }
    return sums.total(0) / Double(count)
  }
}
