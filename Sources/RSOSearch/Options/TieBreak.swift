/// The loss that decides between candidates whose loss is equal, with a factor of a millionth. Not in the paper.
package enum TieBreak: String, Sendable, Codable, CaseIterable, OptionValue {
  case none
  /// The cross entropy; the binary one for several labels.
  case crossEntropy = "cross-entropy"
}
