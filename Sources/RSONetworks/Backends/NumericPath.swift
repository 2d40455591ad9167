/// An arithmetic that is defined to the last bit. A plan names its path, so that a resumed run
/// gives the same bits, or is refused.
///
/// A precision may have several paths: instructions of different processors round differently. Each
/// backend says which paths it has.
package struct NumericPath: Sendable, Hashable {
  /// The name in plans, checkpoints and reports.
  package let name: String
  /// The value of `--precision` that selects this path; nil if only the name in a plan selects it.
  package let precision: Precision?
  /// The hardware that the path needs, such as `AVX512-BF16`; nil if any processor has it.
  package let requirement: String?

  /// The largest distance of a loss from the reference evaluator's, relative to the loss or 1. 0: the same
  /// bits, also of statistics and predictions.
  package let lossTolerance: Double
  /// True if losses of networks with jumps (a sign, a step) and losses that count answers stay within
  /// the tolerance. A coarse rounding may turn into another side of a jump.
  package let toleratesJumps: Bool

  package init(
    name: String, precision: Precision?, requirement: String? = nil, lossTolerance: Double,
    toleratesJumps: Bool = true
  ) {
    self.name = name
    self.precision = precision
    self.requirement = requirement
    self.lossTolerance = lossTolerance
    self.toleratesJumps = toleratesJumps
  }
}

extension NumericPath: CustomStringConvertible {
  package var description: String { name }
}
