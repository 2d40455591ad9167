/// A checkpoint file that cannot be used.
package struct UnreadableCheckpoint: Sendable, Hashable {
  package var path: String
  package var reason: String
  /// Whether it may be a good one, and the newest, all the same.
  package var mayBeGood: Bool

  package init(path: String, reason: String, mayBeGood: Bool = false) {
    self.path = path
    self.reason = reason
    self.mayBeGood = mayBeGood
  }
}
