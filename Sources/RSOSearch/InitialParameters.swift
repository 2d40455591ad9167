/// The identity of the parameters that a run begins with, if they are not drawn from the seed. The run's
/// checkpoints hold the parameters themselves.
package struct InitialParameters: Sendable, Hashable, Codable {
  /// The name of the file that they came from, for people.
  package var source: String
  /// The SHA-256 of the flat parameter vector, float32 and little-endian, as 64 hexadecimal digits.
  package var sha256: String

  package init(source: String, sha256: String) {
    self.source = source
    self.sha256 = sha256
  }
}
