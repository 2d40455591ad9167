/// The kind of answer that a network learns to give for a sample.
package enum LearningTask: String, Sendable, Codable, CaseIterable {
  /// One class of several.
  case classification
  /// For each of several labels, whether it applies.
  case multiLabel = "multi-label"
  /// One or several numbers.
  case regression
}
