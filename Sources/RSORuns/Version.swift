/// The version of this build. It changes whenever the bits that a run computes change: within one
/// version, runs have the same bits.
package enum Version {
  package static let current = "0.5.0"
}
