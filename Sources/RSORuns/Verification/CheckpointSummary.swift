import RSOCheckpoints
import RSONetworks
import RSOSearch

/// A checkpoint without its parameters, so that all checkpoints of a run fit into memory.
package struct CheckpointSummary: Sendable {
  package let plan: SearchPlan
  package let cursor: SearchCursor
  package let position: RunPosition
  /// The layer of the neuron that is searched next.
  package let layer: String
  package let history: [CycleRecord]
  package let provenance: Provenance
  /// The digest of the file.
  package let sha256: String
  package let stateSHA256: String
  /// What the best cycle was chosen by when the file was written.
  package let criterion: Criterion

  init(_ sealed: SealedCheckpoint) throws {
    let checkpoint = sealed.checkpoint
    plan = checkpoint.plan
    cursor = checkpoint.state.cursor
    position = try checkpoint.position()
    layer = try StageGraph(checkpoint.plan.architecture).layout.layers[cursor.layer].name
    history = checkpoint.history
    provenance = checkpoint.provenance
    sha256 = sealed.userBlock.sha256
    stateSHA256 = sealed.stateSHA256
    criterion = sealed.criterion
  }
}

extension SearchPlan {
  /// Returns true if another plan can belong to the same run: only the number of cycles may differ.
  ///
  /// - Parameter whateverPath: The numeric path may differ as well.
  func isOfSameRun(as other: SearchPlan, whateverPath: Bool) -> Bool {
    var (mine, theirs) = (options, other.options)
    (mine.cycles, mine.annealCycles) = (0, nil)
    (theirs.cycles, theirs.annealCycles) = (0, nil)
    return architecture == other.architecture && mine == theirs && seed == other.seed
      && data.differences(from: other.data).isEmpty && normalization == other.normalization
      && initialParameters == other.initialParameters
      && (whateverPath || numericPath == other.numericPath)
  }
}

extension CycleRecord {
  /// Returns true if all values have the same bits, so that NaN equals NaN.
  func isIdentical(to other: CycleRecord) -> Bool {
    func bits(_ record: CycleRecord) -> [UInt64] {
      let scores = [record.validation, record.test].flatMap { score in
        [score?.loss ?? .nan, score?.accuracy ?? .nan]
      }
      return ([record.trainingLoss, record.seconds] + scores + record.deviations).map(\.bitPattern)
    }
    return cycle == other.cycle && evaluations == other.evaluations && tallies == other.tallies
      && bits(self) == bits(other)
  }
}
