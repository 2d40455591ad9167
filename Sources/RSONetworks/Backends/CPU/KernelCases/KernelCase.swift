import RSONumerics

/// A shape in which a convolution kernel is checked and timed; `all` is the table for both.
package struct KernelCase: Sendable, Hashable {
  /// The kind of kernel that computes a convolution.
  package enum Method: String, Sendable, CaseIterable {
    /// All input channels, tap by tap.
    case direct
    /// `direct` followed by a 2 x 2 average pool, as one convolution of stride 2 on box sums.
    case folded
    /// One input channel on top of a base sum, with the moments of the sum, as a step has it.
    case partial
    /// `partial` for a folded convolution.
    case foldedPartial = "folded-partial"
    /// `partial` through batch norm and ReLU into the padded maps of the next convolution, without
    /// moments.
    case entering
    /// All input channels, by Winograd's minimal filtering.
    case winograd
    /// `direct` and `folded` in products of bf16 numbers.
    case pairs
    case foldedPairs = "folded-pairs"
  }

  package var method: Method
  package var inputs: Int
  package var outputs: Int
  /// Output plane.
  package var height: Int
  package var width: Int
  /// Side of the convolution kernel; nil: a linear layer, which sees the whole of its input.
  package var kernel: Int?

  package init(
    _ method: Method, inputs: Int, outputs: Int, height: Int, width: Int, kernel: Int? = 3
  ) {
    self.method = method
    self.inputs = inputs
    self.outputs = outputs
    self.height = height
    self.width = width
    self.kernel = kernel
  }

  /// `direct 3x3, 16 -> 16, 14 x 14`.
  package var name: String {
    let size = kernel.map { "\($0)x\($0)" } ?? "linear"
    return "\(method.rawValue) \(size), \(inputs) -> \(outputs), \(height) x \(width)"
  }

  /// The case that machines are compared by.
  package static let calibration = KernelCase(
    .direct, inputs: 16, outputs: 16, height: 14, width: 14)

  /// The presets' shapes first, then odd ones.
  package static let all: [KernelCase] = [
    calibration,
    KernelCase(.direct, inputs: 16, outputs: 16, height: 7, width: 7),
    KernelCase(.direct, inputs: 3, outputs: 16, height: 32, width: 32),
    KernelCase(.direct, inputs: 1, outputs: 16, height: 28, width: 28),
    KernelCase(.direct, inputs: 32, outputs: 32, height: 8, width: 8),
    KernelCase(.direct, inputs: 16, outputs: 32, height: 8, width: 8, kernel: 1),
    KernelCase(.direct, inputs: 16, outputs: 10, height: 1, width: 1, kernel: nil),
    KernelCase(.direct, inputs: 64, outputs: 64, height: 1, width: 1, kernel: nil),
    KernelCase(.folded, inputs: 16, outputs: 16, height: 14, width: 14),
    KernelCase(.folded, inputs: 16, outputs: 16, height: 7, width: 7),
    KernelCase(.folded, inputs: 16, outputs: 32, height: 8, width: 8),
    KernelCase(.partial, inputs: 16, outputs: 16, height: 14, width: 14),
    KernelCase(.partial, inputs: 16, outputs: 16, height: 7, width: 7),
    KernelCase(.partial, inputs: 32, outputs: 32, height: 8, width: 8),
    KernelCase(.foldedPartial, inputs: 16, outputs: 16, height: 14, width: 14),
    KernelCase(.entering, inputs: 16, outputs: 16, height: 14, width: 14),
    KernelCase(.winograd, inputs: 16, outputs: 16, height: 14, width: 14),
    KernelCase(.winograd, inputs: 16, outputs: 16, height: 7, width: 7),
    KernelCase(.winograd, inputs: 16, outputs: 16, height: 32, width: 32),
    KernelCase(.winograd, inputs: 32, outputs: 32, height: 8, width: 8),
    KernelCase(.pairs, inputs: 16, outputs: 16, height: 14, width: 14),
    KernelCase(.foldedPairs, inputs: 16, outputs: 16, height: 14, width: 14),
    KernelCase(.foldedPairs, inputs: 16, outputs: 16, height: 7, width: 7),
    KernelCase(.direct, inputs: 8, outputs: 12, height: 13, width: 11, kernel: 5),
    KernelCase(.direct, inputs: 5, outputs: 7, height: 9, width: 6),
    KernelCase(.folded, inputs: 5, outputs: 7, height: 5, width: 6),
    KernelCase(.partial, inputs: 4, outputs: 5, height: 3, width: 10),
    KernelCase(.entering, inputs: 4, outputs: 5, height: 3, width: 10),
    KernelCase(.winograd, inputs: 5, outputs: 7, height: 11, width: 12),
    KernelCase(.pairs, inputs: 5, outputs: 7, height: 9, width: 6),
  ]

  /// True if the instruction set has the operations for it.
  package func isAvailable(on kernels: Kernels) -> Bool {
    !usesPairs || kernels.numericPaths.contains(.bf16AVX512)
  }

  /// True if `path` uses the kernel.
  func isUsed(on path: NumericPath) -> Bool {
    path != .f32Direct || method != .winograd && !usesPairs
  }

  /// Floating-point operations of one run on a block: a multiplication and an addition for each
  /// tap, including those that zero padding or minimal filtering saves.
  package func operations(lanes: Int) -> Double {
    let taps = channels.count * (kernel.map { $0 * $0 } ?? 1) * (isFolded ? 4 : 1)
    return 2 * Double(lanes * outputs * height * width * taps)
  }

  var isFolded: Bool { [.folded, .foldedPartial, .foldedPairs].contains(method) }
  var usesPairs: Bool { [.pairs, .foldedPairs].contains(method) }
  /// Input channels that one call of the kernel sees.
  var channels: Range<Int> {
    switch method {
    case .direct, .folded, .winograd, .pairs, .foldedPairs: 0..<inputs
    case .partial, .foldedPartial, .entering: inputs - 1..<inputs
    }
  }

  var stage: Stage {
    let factor = isFolded ? 2 : 1
    return Stage(
      name: name, source: .samples, prologue: [],
      inputShape: ImageShape(channels: inputs, height: factor * height, width: factor * width),
      operation: kernel.map { WeightedOperation.convolution(kernel: $0) } ?? .linear,
      pool: isFolded ? .halving : nil,
      outputShape: ImageShape(channels: outputs, height: height, width: width), layer: nil,
      normalized: false)
  }
}
