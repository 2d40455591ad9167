/// What this build calls itself. It changes whenever the bits that a run computes do, for runs are
/// promised the same bits by it.
package enum Version {
  package static let current = "0.5.0"
}
