/// The result of examining a file, a run or a stretch of training.
package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
  case good, damaged
  /// The file is whole, and holds NaN or infinite numbers.
  case notFinite = "not-finite"
  /// The examination could not decide.
  case unknown
}

extension Sequence<Verdict> {
  /// The first of damaged, not finite, unknown and good that occurs; good without any.
  package var combined: Verdict {
    let found = Set(self)
    return [.damaged, .notFinite, .unknown].first { found.contains($0) } ?? .good
  }
}
