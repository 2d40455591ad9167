import RSONetworks
import RSONumerics
import Synchronization

/// The figure that the training of a network minimises, computed by a program from the network's outputs.
///
/// Give it to the ``Plan`` and to the ``Search``. A run is resumed to the same bits if the objective gives the same
/// number for the same outputs. It may be called on several threads, if neurons are searched in parallel.
public protocol Objective: AnyObject, Sendable {
  /// The name of the objective. A checkpoint records it, and a run continues only with an objective of the same
  /// name.
  var name: String { get }

  /// The objective of a set of samples: the lower, the better.
  ///
  /// - Throws: An error that ends the search. What was reached before remains.
  func value(of outputs: ObjectiveInput) throws -> Double
}

/// The outputs of a network for a set of samples, with the targets.
public struct ObjectiveInput: Sendable {
  /// The set that the samples belong to.
  public enum Part: Sendable, Hashable {
    case training, validation, test
  }

  public let part: Part
  /// Indices of the samples in their set.
  public let samples: [Int]
  /// The outputs, logits for classes. *Shape:* samples x ``count``, row-major.
  public let outputs: [Float]
  /// The number of outputs of a sample.
  public let count: Int
  private let targets: Targets

  fileprivate init(_ rows: UnsafeBufferPointer<Float>, _ input: ObjectiveSamples) {
    part =
      switch input.purpose {
      case .minibatch: .training
      case .validationSet: .validation
      case .testSet: .test
      }
    samples = input.indices.map { Int($0) }
    outputs = Array(rows)
    count = samples.isEmpty ? 0 : rows.count / samples.count
    targets = input.targets
  }

  /// The classes of the samples; empty for other tasks.
  public var classes: [Int] {
    guard case .classes(let all) = targets else { return [] }
    return samples.map { Int(all[$0]) }
  }

  /// The labels of the samples, 0 or 1, or their numbers. *Shape:* samples x ``count``. Empty for classes.
  public var numbers: [Float] {
    switch targets {
    case .classes: []
    case .labels(let all, let count):
      samples.flatMap { all[($0 * count)..<(($0 + 1) * count)].map { Float($0) } }
    case .numbers(let all, let count): samples.flatMap { all[($0 * count)..<(($0 + 1) * count)] }
    }
  }
}

/// A user's objective as the search sees it.
final class OwnObjective: ObjectiveProgram {
  private let own: any Objective
  private let error = Mutex<(any Error)?>(nil)

  init(_ own: any Objective) { self.own = own }

  var failure: (any Error)? { error.withLock { $0 } }

  func values(
    of candidates: [UnsafeBufferPointer<Float>], on samples: ObjectiveSamples
  ) -> [Double] {
    candidates.map { rows in
      guard failure == nil else { return .nan }
      do { return try own.value(of: ObjectiveInput(rows, samples)) } catch {
        self.error.withLock { $0 = error }
        return .nan
      }
    }
  }
}
