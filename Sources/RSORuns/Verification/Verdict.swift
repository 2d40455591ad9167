/// What is known of a file, of a run, or of a stretch of training.
package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
  case good, damaged
  /// Neither can be shown.
  case unknown
}

extension Sequence<Verdict> {
  /// Of all: damage is damage whatever else there is; all are good only if each one is.
  package var combined: Verdict {
    reduce(.good) { $0 == .damaged || $1 == .damaged ? .damaged : $0 == .unknown ? $0 : $1 }
  }
}
