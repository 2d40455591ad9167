/// The precision of an evaluator, as a user chooses it with `--precision`.
package enum Precision: String, Sendable, CaseIterable {
  /// Single precision throughout.
  case f32
  /// A step's convolutions of all channels multiply numbers of 8 significant bits and add in single
  /// precision.
  case bf16
}
