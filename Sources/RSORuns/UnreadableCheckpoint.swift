import RSOCheckpoints

/// A checkpoint file that cannot be used.
package struct UnreadableCheckpoint: Sendable, Hashable {
  package var path: String
  package var reason: String
  /// Nil for a file that is good, and of another run.
  package var error: CheckpointError?

  /// Whether it may be a good one, and the newest, all the same.
  package var mayBeGood: Bool { error?.mayBeGood ?? false }

  package init(path: String, error: any Error) {
    self.path = path
    reason = "\(error)"
    self.error = error as? CheckpointError
  }
}
