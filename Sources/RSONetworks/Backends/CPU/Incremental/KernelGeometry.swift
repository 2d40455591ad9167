import RSONumerics

/// The sizes of one stage as the CPU kernels need them, and which kernels serve it.
///
/// A convolution followed by an average pool whose windows lie side by side is *folded*: avgpool(conv(x))
/// is a convolution with the pool's stride, and with weights divided by the window's area, of the box
/// sums of the padded x. For 2 x 2 windows that is a quarter of the work, and exact. The kernels have
/// box sums of 2 x 2.
final class KernelGeometry: StageGeometry, @unchecked Sendable {
  let prologue: KernelPrologue
  /// The operations between the skip's source and the sum; nil without a skip.
  let skipPrologue: KernelPrologue?
  /// The pool that is folded into the convolution.
  let folding: Pooling?
  /// True if convolutions of all input channels use Winograd's minimal filtering: on every numeric path
  /// but `f32-direct`, where its tiles of 4 x 4 outputs, some of which extend past the edge, save enough multiplications to pay for the
  /// transforms.
  let usesWinograd: Bool
  /// The factor on each weight: 1 / (area of the folded pool's window); 1 without one.
  let weightFactor: Float

  init(
    stage: Stage, sourceShape: ImageShape, skipShape: ImageShape? = nil, layout: ParameterLayout,
    path: NumericPath
  ) {
    prologue = KernelPrologue(stage.prologue, on: sourceShape)
    skipPrologue = skipShape.map { KernelPrologue(stage.skipPrologue, on: $0) }
    let folding = Self.folding(of: stage)
    precondition(folding == stage.pool, "a checked architecture has pools that can be folded alone")
    self.folding = folding
    weightFactor = folding.map { 1 / Float($0.window.kernel.area) } ?? 1
    usesWinograd = path != .f32Direct && folding == nil && Self.paysForWinograd(stage)
    super.init(stage: stage, sourceShape: sourceShape, skipShape: skipShape, layout: layout)
  }

  /// The stage's pool, where the kernels can compute it together with the convolution.
  private static func folding(of stage: Stage) -> Pooling? {
    guard let pool = stage.pool, stage.operation?.canTakeIn(pool) == true else { return nil }
    return pool
  }

  private static func paysForWinograd(_ stage: Stage) -> Bool {
    let (height, width) = (stage.outputShape.height, stage.outputShape.width)
    let tiles = ((height + 3) / 4) * ((width + 3) / 4)
    return stage.operation == .convolution(kernel: 3)
      && min(stage.inputShape.channels, stage.outputShape.channels) >= 4
      && 3 * 36 * tiles <= 2 * 9 * height * width
  }

  /// True if each weight sees one pixel of the source alone.
  var readsPixels: Bool { stage.operation == .linear && prologue.isPlain }

  /// True if all of a block's input is read before the first of its output is written. It is not
  /// where Winograd's tiles come in several groups.
  var readsBeforeWriting: Bool { !usesWinograd || Kernels.winogradGroups(self) == 1 }

  /// True if the stage reads the samples themselves through few weights: computing it again costs
  /// less than reading it from memory.
  var isCheap: Bool { stage.source == .samples && weightOffset != nil && fanIn <= 32 }

  /// The number of output channels that take as long one by one as all channels at once. It is
  /// small with Winograd's filtering, which transforms all inputs for each of them; a sample norm has no
  /// channel without the others of its group.
  var perChannelBreakEven: Int { stage.normGroups != nil ? 0 : usesWinograd ? 3 : outputs }

  /// Pairs of input channels, the last of which may be half empty.
  var pairs: Int { (inputs + 1) / 2 }
  /// True if it pays to round a step's convolutions of all channels to pairs of bf16 numbers.
  /// Winograd's filtering saves more, and does not tolerate the rounding.
  var mayUsePairs: Bool {
    guard case .convolution? = stage.operation else { return false }
    return inputs > 1 && groups == 1 && !usesWinograd
  }

  /// Map pixels from one output pixel to the next: those of the convolution's stride or the pool's.
  var step: Extent { folding?.window.stride ?? stride }
  /// The map that the kernels read: the padded input, or its box sums.
  var mapHeight: Int { paddedHeight - (folding.map { $0.window.kernel.height - 1 } ?? 0) }
  var mapWidth: Int { paddedWidth - (folding.map { $0.window.kernel.width - 1 } ?? 0) }
  var mapPixels: Int { mapHeight * mapWidth }
  /// Floats from one channel's map to the next: some cache lines more than a map. Maps whose size is
  /// a power of two would otherwise all fall into the same sets of the first-level cache.
  func mapStride(lanes: Int) -> Int { mapPixels * lanes + 13 * 16 }
  /// Map rows that may hold anything but zeros. The kernels skip the others, where every window has at
  /// least one of these rows and its taps lie in rows side by side.
  var mapRows: Range<Int> {
    let isSkipped =
      folding == nil && dilation.height == 1 && max(padding.top, padding.bottom) < kernelHeight
    return isSkipped ? padding.top..<(padding.top + stage.inputShape.height) : 0..<mapHeight
  }
}
