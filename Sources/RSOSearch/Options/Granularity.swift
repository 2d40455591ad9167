/// The parameters that one proposal changes. *Paper:* § 4.2.
package enum Granularity: String, OptionValue, CaseIterable {
  /// One parameter.
  case weight
  /// All parameters of a layer, each with a tenth of its deviation.
  case layer
  /// All parameters of the network, each with a tenth of its deviation.
  case network
}
