/// The order of the weights in a layer. *Paper:* § 4.3.
package enum WeightOrder: String, OptionValue, CaseIterable {
  /// Output neuron by output neuron.
  case output
  /// Input channel by input channel.
  case input
}
