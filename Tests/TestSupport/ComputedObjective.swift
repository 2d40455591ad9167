import RSONetworks
import Synchronization

/// An objective of a program that a function of the test computes.
package final class ComputedObjective: ObjectiveProgram {
  /// The failure of a test's objective.
  package struct Failure: Error, Equatable {
    package init() {}
  }

  private let compute: @Sendable (UnsafeBufferPointer<Float>, ObjectiveSamples) -> Double
  private let answersUntilFailure: Int
  private let answers = Mutex(0)

  /// - Parameters:
  ///   - answersUntilFailure: Requests after which it fails.
  ///   - compute: Returns the objective of one candidate's outputs.
  package init(
    answersUntilFailure: Int = .max,
    compute: @escaping @Sendable (UnsafeBufferPointer<Float>, ObjectiveSamples) -> Double
  ) {
    self.compute = compute
    self.answersUntilFailure = answersUntilFailure
  }

  /// The loss that rso computes itself from the same outputs.
  package convenience init(_ loss: Loss, outputs: Int, answersUntilFailure: Int = .max) {
    self.init(answersUntilFailure: answersUntilFailure) { rows, samples in
      Objective(loss).wholeLosses(of: [rows], outputs: outputs, on: samples)[0]
    }
  }

  package func values(
    of candidates: [UnsafeBufferPointer<Float>], on samples: ObjectiveSamples
  ) -> [Double] {
    let count = answers.withLock { answers in
      answers += 1
      return answers
    }
    return candidates.map { count > answersUntilFailure ? .nan : compute($0, samples) }
  }

  package var failure: (any Error)? {
    answers.withLock { $0 > answersUntilFailure ? Failure() : nil }
  }
}
