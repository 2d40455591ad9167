import RSONetworks
import Synchronization

/// An objective that asks each question twice, to find out if a program gives one answer to one question.
final class RepeatedObjective: ObjectiveProgram {
  private let program: any ObjectiveProgram
  private let varies = Mutex(false)

  init(_ program: any ObjectiveProgram) { self.program = program }

  /// True once two answers to a question were different.
  var hasVaried: Bool { varies.withLock { $0 } }

  func values(
    of candidates: [UnsafeBufferPointer<Float>], on samples: ObjectiveSamples
  ) -> [Double] {
    let first = program.values(of: candidates, on: samples)
    let second = program.values(of: candidates, on: samples)
    if first.map(\.bitPattern) != second.map(\.bitPattern) { varies.withLock { $0 = true } }
    return first
  }

  var failure: (any Error)? { program.failure }
}
