import RSOCheckpoints

/// A checkpoint file that cannot be used.
package struct UnreadableCheckpoint: Sendable, Hashable {
  package var path: String
  package var reason: String
  /// The reason as an error; nil for a good file of another run.
  package var error: CheckpointError?

  /// True if the file may be good after all, and the newest one.
  package var mayBeGood: Bool { error?.mayBeGood ?? false }

  package init(path: String, error: any Error) {
    self.path = path
    reason = "\(error)"
    self.error = error as? CheckpointError
  }
}
