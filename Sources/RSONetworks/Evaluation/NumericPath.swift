/// An arithmetic, to the bit: what a plan names, so that a run goes on as it began or not at all.
///
/// A precision may have several: instructions of different processors round differently.
package enum NumericPath: String, Sendable, CaseIterable {
  /// Single precision with fused multiply-adds, in the order that `rso_kernels.h` states; the same
  /// bits on every processor.
  case f32
  /// The products of bf16 numbers as AVX512-BF16 (`vdpbf16ps`) adds them.
  case bf16AVX512 = "bf16-avx512"

  package var precision: Precision {
    switch self {
    case .f32: .f32
    case .bf16AVX512: .bf16
    }
  }

  /// Instructions that a processor must have for it; nil: any processor will do.
  package var requirement: String? {
    switch self {
    case .f32: nil
    case .bf16AVX512: "AVX512-BF16"
    }
  }

  /// The path of a precision on these kernels.
  ///
  /// *Throws:* `NumericPathError.precisionUnavailable`.
  package init(_ precision: Precision, on kernels: [Kernels] = Kernels.available)
    throws(NumericPathError)
  {
    let offered = kernels.flatMap(\.numericPaths)
    guard let path = offered.first(where: { $0.precision == precision }) else {
      throw .precisionUnavailable(
        precision,
        needs: Self.allCases.filter { $0.precision == precision }.compactMap(\.requirement),
        has: Self.description(of: kernels))
    }
    self = path
  }

  /// The path that a plan names.
  ///
  /// *Throws:* `NumericPathError`, also where these kernels do not offer it.
  package init(named name: String, on kernels: [Kernels] = Kernels.available)
    throws(NumericPathError)
  {
    guard let path = NumericPath(rawValue: name) else { throw .unknown(name) }
    guard kernels.contains(where: { $0.numericPaths.contains(path) }) else {
      throw .unavailable(path, has: Self.description(of: kernels))
    }
    self = path
  }

  /// `avx512 (f32)`: the best kernels, and what all of them offer.
  private static func description(of kernels: [Kernels]) -> String {
    let offered = allCases.filter { path in kernels.contains { $0.numericPaths.contains(path) } }
    let names = offered.map(\.rawValue).joined(separator: ", ")
    return "\(kernels.first?.name ?? "none") (\(names))"
  }
}
