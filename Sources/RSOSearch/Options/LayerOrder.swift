/// The order of the layers. *Paper:* § 3.
package enum LayerOrder: String, OptionValue, CaseIterable {
  /// From the labels to the input.
  case backward
  /// From the input to the labels.
  case forward
}
