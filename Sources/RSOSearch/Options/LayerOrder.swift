/// The order of the layers. *Paper:* § 3.
package enum LayerOrder: String, OptionValue, CaseIterable {
  /// From the labels to the input.
  case backward
  /// From the input to the labels.
  case forward

  /// The indices of a network's layers in the order in which a cycle visits them.
  package func visited(of count: Int) -> [Int] {
    self == .backward ? (0..<count).reversed() : Array(0..<count)
  }
}
