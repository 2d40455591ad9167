/// What a network learns to tell of a sample.
package enum LearningTask: String, Sendable, Codable, CaseIterable {
  /// One class of several.
  case classification
  /// For each of several labels, whether it applies.
  case multiLabel = "multi-label"
  /// One or several numbers.
  case regression
}
