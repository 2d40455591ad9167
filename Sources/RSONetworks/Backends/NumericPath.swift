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

  package init(name: String, precision: Precision?, requirement: String? = nil) {
    self.name = name
    self.precision = precision
    self.requirement = requirement
  }

  /// Single precision with fused multiply-adds, in the order that `rso_kernels.h` states: the same
  /// bits on every processor.
  package static let f32 = NumericPath(name: "f32", precision: .f32)
  /// Products of bf16 numbers, added as AVX512-BF16 (`vdpbf16ps`) does.
  package static let bf16AVX512 = NumericPath(
    name: "bf16-avx512", precision: .bf16, requirement: "AVX512-BF16")
  /// Double precision in the order of the reference evaluator.
  package static let reference = NumericPath(name: "reference", precision: nil)
}

extension NumericPath: CustomStringConvertible {
  package var description: String { name }
}
