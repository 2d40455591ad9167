/// Instructions for which the program has kernels.
package struct InstructionSet: Sendable, Hashable {
  /// `avx512-bf16`, `avx512`, `avx2`, `neon` or `generic`.
  package var name: String
  /// The first instructions that the kernels need and this processor lacks; nil if it has them all.
  package var missing: String?

  package init(name: String, missing: String?) {
    self.name = name
    self.missing = missing
  }
}
