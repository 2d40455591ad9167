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
  /// The criterion that the best cycle was chosen by when the file was written.
  package let criterion: Criterion

  init(_ sealed: SealedCheckpoint) throws {
    let checkpoint = sealed.checkpoint
    plan = checkpoint.plan
    cursor = checkpoint.state.cursor
    position = try checkpoint.position()
    layer = try checkpoint.plan.architecture.layout().layers[cursor.layer].name
    history = checkpoint.history
    provenance = checkpoint.provenance
    sha256 = sealed.userBlock.sha256
    stateSHA256 = sealed.stateSHA256
    criterion = sealed.criterion
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
