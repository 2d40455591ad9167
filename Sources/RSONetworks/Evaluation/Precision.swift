/// What a user chooses: how exactly an evaluator computes.
package enum Precision: String, Sendable, CaseIterable {
  /// Single precision throughout.
  case f32
  /// Full convolutions multiply numbers of 8 significant bits, and add in single precision.
  case bf16
}
