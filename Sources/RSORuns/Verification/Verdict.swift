/// The result of examining a file, a run or a stretch of training.
package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
  case good, damaged
  /// The examination could not decide.
  case unknown
}

extension Sequence<Verdict> {
  /// Damaged if any is damaged, good if all are good, otherwise unknown.
  package var combined: Verdict {
    reduce(.good) { $0 == .damaged || $1 == .damaged ? .damaged : $0 == .unknown ? $0 : $1 }
  }
}
