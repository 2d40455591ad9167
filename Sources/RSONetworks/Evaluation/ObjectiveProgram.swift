import RSONumerics

/// Computes the objective of a search from the outputs for a set of samples: a program that runs beside rso.
///
/// A class by nature: it stands for a process. Several evaluators may share it.
package protocol ObjectiveProgram: AnyObject, Sendable {
  /// Returns one number for each candidate, the lower the better; NaN for all of them once it has failed.
  ///
  /// - Parameter candidates: The outputs of each. *Shape:* samples x outputs.
  func values(
    of candidates: [UnsafeBufferPointer<Float>], on samples: ObjectiveSamples
  ) -> [Double]

  /// The reason why there will be no more numbers; nil as long as there are.
  var failure: (any Error)? { get }
}

/// The samples that an objective is computed on.
package struct ObjectiveSamples: Sendable {
  package enum Purpose: Sendable, Hashable {
    /// A training minibatch, in its place in the layer's rotation, or in place 0 if it is drawn for one step.
    case minibatch(slot: Int)
    case validationSet
    case testSet
  }

  package var purpose: Purpose
  /// Indices into `targets`.
  package var indices: [Int32]
  /// The targets of all samples of the set that these are taken from.
  package var targets: Targets

  package init(_ purpose: Purpose, indices: [Int32], targets: Targets) {
    self.purpose = purpose
    self.indices = indices
    self.targets = targets
  }
}
