/// The distribution of a proposed change, for a layer's deviation sigma. *Paper:* § 3.
package enum ProposalDistribution: String, OptionValue, CaseIterable {
  /// The normal distribution N(0, sigma).
  case gaussian
  /// Uniform on (-2 sigma, 2 sigma).
  case uniform
  /// -sigma, 0 or sigma with equal probability; 0 costs no evaluation.
  case template
}
