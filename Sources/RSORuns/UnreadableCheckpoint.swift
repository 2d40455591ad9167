/// A checkpoint file that cannot be used.
package struct UnreadableCheckpoint: Sendable, Hashable {
  package var path: String
  package var reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}
