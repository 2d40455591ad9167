/// Parameters that a run begins with in place of drawn ones, by what identifies them; they
/// themselves are in the run's checkpoints.
package struct InitialParameters: Sendable, Hashable, Codable {
  /// For people: the name of the file that they came from.
  package var source: String
  /// SHA-256, in hexadecimal, of the flat vector, float32, little-endian.
  package var sha256: String

  package init(source: String, sha256: String) {
    self.source = source
    self.sha256 = sha256
  }
}
