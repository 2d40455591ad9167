import RSOCheckpoints
import RSONetworks
import RSOSearch

/// A checkpoint without its parameters, so that those of a whole run can be held side by side.
package struct CheckpointSummary: Sendable {
  package let plan: SearchPlan
  package let cursor: SearchCursor
  /// Finished cycles, and steps done in the cycle under way.
  package let place: [Int]
  /// Of the neuron that the search stands before.
  package let layer: String
  package let history: [CycleRecord]
  package let provenance: Provenance
  /// The file's.
  package let sha256: String
  package let stateSHA256: String

  init(_ sealed: SealedCheckpoint) throws {
    let checkpoint = sealed.checkpoint
    plan = checkpoint.plan
    cursor = checkpoint.state.cursor
    place = try checkpoint.place()
    layer = try StageGraph(checkpoint.plan.architecture).layout.layers[cursor.layer].name
    history = checkpoint.history
    provenance = checkpoint.provenance
    sha256 = sealed.userBlock.sha256
    stateSHA256 = sealed.stateSHA256
  }

  /// Whether it stands between two cycles.
  package var isCycleEnd: Bool { place[1] == 0 }
}

extension SearchPlan {
  /// Whether another plan is of the same run: all but its end may differ, and, where that was
  /// accepted, the numeric path.
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
  /// Bit for bit, so that a number that is not one equals itself.
  func isIdentical(to other: CycleRecord) -> Bool {
    func bits(_ record: CycleRecord) -> [UInt64] {
      ([
        record.trainingLoss, record.testLoss, record.testAccuracy, record.seconds,
      ] + record.deviations).map(\.bitPattern)
    }
    return cycle == other.cycle && evaluations == other.evaluations && tallies == other.tallies
      && bits(self) == bits(other)
  }
}
