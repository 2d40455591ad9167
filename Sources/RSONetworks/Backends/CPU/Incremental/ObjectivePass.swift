import RSONumerics
import RSORanks

/// The last pass of a step: takes the outputs of candidates, block by block, and gives their objective.
///
/// Losses that are means over samples are added up by the kernels. The outputs for a loss of the whole
/// minibatch are gathered first.
///
/// A class by nature: threads write disjoint parts of it.
final class ObjectivePass {
  private let objective: Objective
  private let execution: NetworkExecution
  private let count: Int
  private let candidates: Int
  /// The losses that the kernels add up: the loss, then the tie-break.
  private let means: [Loss]
  /// Sums of each candidate: one for each of `means`.
  let sums: ChunkSums?
  /// Outputs of each candidate: chunks x samples of a chunk x outputs; empty for a mean.
  private let rows: [FloatStorage]
  /// The tables of the loss; the tie-break has none.
  private let tables: LossTables

  /// - Parameters:
  ///   - count: Samples of the minibatch.
  ///   - candidates: Networks that are compared.
  init(
    _ objective: Objective, _ tables: LossTables, _ execution: NetworkExecution,
    samples count: Int, candidates: Int
  ) {
    self.objective = objective
    self.execution = execution
    self.count = count
    self.candidates = candidates
    let isWhole = objective.loss.isOfWholeMinibatch
    means = (isWhole ? [] : [objective.loss]) + (objective.tieBreak.map { [$0] } ?? [])
    sums =
      means.isEmpty
      ? nil : execution.chunkSums(samples: count, quantities: candidates * means.count)
    rows =
      isWhole
      ? execution.outputRows(candidates, size: execution.rowsSize(samples: count)) : []
    self.tables = tables
  }

  /// Takes a candidate's outputs for a block.
  func take(_ outputs: Floats, of candidate: Int, in block: SampleBlock, targets: BlockTargets) {
    if let sums {
      for (place, loss) in means.enumerated() {
        let isLoss = place == 0 && rows.isEmpty
        execution.kernels.loss(
          loss, outputs, count: execution.outputs, targets: targets,
          parameters: isLoss ? objective.parameters : LossParameters(),
          weights: isLoss ? tables.weights.map { Floats($0.pointer) } : nil,
          costs: isLoss ? tables.costs.map { Floats($0.pointer) } : nil, valid: block.valid,
          slot: block.foldSlot,
          into: sums.slots(block, candidate * means.count + place, count: 1))
      }
    }
    if !rows.isEmpty { execution.copyRows(outputs, of: block, to: rows[candidate]) }
  }

  /// The objective of each candidate, when all blocks were taken.
  ///
  /// - Parameters:
  ///   - targets: Those of all samples.
  ///   - minibatch: The samples, in the order of the blocks.
  ///   - slot: The minibatch's place in the layer's rotation.
  func losses(_ targets: Targets, of minibatch: [Int32], slot: Int) -> [Double] {
    let isWhole = !rows.isEmpty
    for storage in rows { execution.gatherRows(storage, samples: count) }
    let whole =
      isWhole
      ? objective.wholeLosses(
        of: rows.map { .init(start: $0.pointer, count: count * execution.outputs) },
        outputs: execution.outputs,
        on: ObjectiveSamples(.minibatch(slot: slot), indices: minibatch, targets: targets)) : []
    return (0..<candidates).map { candidate in
      let parts =
        (isWhole ? [whole[candidate]] : [])
        + means.indices.map { place in
          (sums?.total(candidate * means.count + place) ?? 0) / Double(count)
        }
      return parts.count == 1 ? parts[0] : parts[0] + Objective.tieFactor * parts[1]
    }
  }
}
