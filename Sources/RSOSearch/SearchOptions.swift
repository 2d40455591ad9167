/// How each step gets its minibatch.
package enum Batching: String, Sendable, Codable, CaseIterable {
  /// A shuffle of the training set for every layer, cut into batches that are visited in turn.
  case cyclic
  /// An independent draw without replacement for every parameter.
  case random
}

/// Everything about a search that a user may choose.
package struct SearchOptions: Sendable, Hashable, Codable {
  /// Passes over all parameters.
  package var cycles = 50
  /// Training samples in a minibatch.
  package var batchSize = 5000
  package var batching = Batching.cyclic
  /// Factor on every initial deviation (RSO § 4.1).
  package var sigmaScale = 1.0
  /// The last cycle's deviation as a fraction of the first's (RSO § 3: 0.1).
  package var annealTo = 0.1
  /// Cycles that the deviation falls over, if a run goes on past the end it was planned with; nil:
  /// all `cycles`.
  package var annealCycles: Int?
  /// Fraction by which a parameter shrinks at each visit; 0 turns it off.
  package var weightDecay = 1e-4
  /// Training samples that one layer's minibatches are cut from, a fresh random subset for every
  /// layer of every cycle; nil: all of them.
  package var phaseSamples: Int?

  package init() {}
}
