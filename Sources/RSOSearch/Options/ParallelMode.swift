/// Which weights of a layer are searched in parallel. *Paper:* § 4.6.
package enum ParallelMode: String, OptionValue, CaseIterable {
  /// None: every weight sees all changes made before it.
  case none
  /// All weights: each sees the layer as it was when the layer was begun.
  case layer
  /// The neurons: each sees its own changes, and the others as they were when the layer was begun.
  case neuron
}
