extension Precision {
  package static let f32 = Precision(name: "f32", summary: "single precision")
  package static let f32Direct = Precision(
    name: "f32-direct", summary: "the same without Winograd's filtering, slower")
  /// A step's convolutions of all channels multiply numbers of 8 significant bits and add in single
  /// precision.
  package static let bf16 = Precision(
    name: "bf16", summary: "faster and less exact, needs AVX512-BF16")
}

extension NumericPath {
  /// Single precision with fused multiply-adds, in the order that `rso_kernels.h` states: the same
  /// bits on every processor.
  ///
  /// A logit is some thousand roundings of 6e-8 away from the reference's, and batch norm magnifies
  /// where a channel hardly varies.
  package static let f32 = NumericPath(name: "f32", precision: .f32, lossTolerance: 2e-5)
  /// `f32` with every convolution tap by tap: none uses Winograd's minimal filtering. Each sum is then one
  /// chain of fused multiply-adds, which suits devices that do not gain from the filtering.
  package static let f32Direct = NumericPath(
    name: "f32-direct", precision: .f32Direct, lossTolerance: 2e-5)
  /// Products of bf16 numbers, added as AVX512-BF16 (`vdpbf16ps`) does.
  ///
  /// Every product of a step's convolutions is rounded to 2^-8 beforehand. The effect on a loss
  /// averages out over pixels and samples, of which a test has few.
  package static let bf16AVX512 = NumericPath(
    name: "bf16-avx512", precision: .bf16, requirement: "AVX512-BF16", lossTolerance: 6e-3,
    toleratesJumps: false)
}
