/// The version of this build.
package enum Version {
  package static let current = "0.6.0"
  /// The earlier versions that compute the same bits: a run of theirs goes on as a run of this version.
  package static let equalBits: Set = ["0.5.0"]
}
