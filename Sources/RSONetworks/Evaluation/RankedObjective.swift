import RSORanks
import Synchronization

/// An objective that rank 0 asks for, and shares with the other ranks.
package final class RankedObjective: ObjectiveProgram {
  /// A rank other than 0 has got no number: rank 0 knows why.
  package struct FailedElsewhere: Error, CustomStringConvertible {
    package let description = "the objective has failed on rank 0"
  }

  private let program: (any ObjectiveProgram)?
  private let ranks: any Ranks
  private let failedElsewhere = Mutex(false)

  /// - Parameter program: Nil on ranks other than 0.
  package init(_ program: (any ObjectiveProgram)?, ranks: any Ranks) {
    self.program = program
    self.ranks = ranks
  }

  package func values(
    of candidates: [UnsafeBufferPointer<Float>], on samples: ObjectiveSamples
  ) -> [Double] {
    let own =
      program?.values(of: candidates, on: samples)
      ?? [Double](repeating: .nan, count: candidates.count)
    let shared = own.map { ranks.values(of: $0)[0] }
    if program == nil, shared.contains(where: \.isNaN) { failedElsewhere.withLock { $0 = true } }
    return shared
  }

  package var failure: (any Error)? {
    program?.failure ?? (failedElsewhere.withLock { $0 } ? FailedElsewhere() : nil)
  }
}
