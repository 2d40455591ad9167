/// The way in which a step gets its minibatch.
package enum Batching: String, OptionValue, CaseIterable {
  /// The training set is shuffled for every layer and cut into minibatches that are used in turn. Not in
  /// the paper; the published results of the authors' program are made with it.
  case cyclic
  /// Every step draws its own minibatch without replacement.
  case random
}
