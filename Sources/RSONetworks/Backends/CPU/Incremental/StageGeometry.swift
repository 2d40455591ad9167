import RSONumerics

/// The sizes of one stage as the kernels need them.
///
/// A convolution followed by a 2 x 2 average pool is *folded*: avgpool(conv(x)) is the stride-2
/// convolution, with a quarter of the weights, of the 2 x 2 box sums of the padded x; a quarter of
/// the work, and exact.
///
/// A class so that passing it on costs nothing: it is read in the innermost loops of Swift code.
final class StageGeometry: Sendable {
  let stage: Stage
  /// The activation with which the prologue begins, and what comes after it.
  let activation: KernelActivation
  let rest: [Rest]
  /// Shape of the source, before the prologue.
  let sourceShape: ImageShape
  /// Channels that the operation reads.
  let inputs: Int
  let outputs: Int
  /// Output plane.
  let height: Int
  let width: Int
  let kernelHeight: Int
  let kernelWidth: Int
  /// Zero rows and columns around the input.
  let padding: Int
  let folded: Bool
  /// Whether convolutions of all input channels go by Winograd's minimal filtering: where its tiles
  /// of 4 x 4 outputs, some of them hanging over the edge, save multiplications enough to pay for
  /// the transforms.
  let usesWinograd: Bool
  /// What a weight is multiplied by before it meets the map: 1/4 in a folded stage.
  let weightFactor: Float
  /// First elements in the flat parameter vector.
  let weightOffset: Int?
  let biasOffset: Int?
  let gammaOffset: Int?
  let betaOffset: Int?

  /// An operation of a prologue as the kernels take it.
  enum Rest {
    case activation(KernelActivation)
    case averagePool
    case globalPool(PoolingMode)
  }

  private static func activation(_ operation: Stage.ChannelOperation) -> Activation? {
    if case .activation(let activation) = operation { activation } else { nil }
  }

  init(stage: Stage, sourceShape: ImageShape, layout: ParameterLayout) {
    self.stage = stage
    self.sourceShape = sourceShape
    let first = stage.prologue.first.flatMap(Self.activation)
    activation = KernelActivation(first ?? .identity)
    rest = stage.prologue.dropFirst(first == nil ? 0 : 1).map { operation in
      switch operation {
      case .activation(let activation): .activation(KernelActivation(activation))
      case .averagePool: .averagePool
      case .globalPool(let mode): .globalPool(mode)
      }
    }
    hasPlainPrologue = rest.isEmpty
    if rest.count == 1, case .globalPool(let mode) = rest[0] {
      onlyGlobalPool = mode
    } else {
      onlyGlobalPool = nil
    }
    inputs = stage.inputShape.channels
    outputs = stage.outputShape.channels
    height = stage.outputShape.height
    width = stage.outputShape.width
    switch stage.operation {
    case .none:
      (kernelHeight, kernelWidth, padding) = (1, 1, 0)
    case .convolution(let kernel):
      (kernelHeight, kernelWidth, padding) = (kernel, kernel, (kernel - 1) / 2)
    case .linear:
      (kernelHeight, kernelWidth, padding) = (stage.inputShape.height, stage.inputShape.width, 0)
    }
    folded = stage.pooled
    let tiles = ((height + 3) / 4) * ((width + 3) / 4)
    usesWinograd =
      stage.operation == .convolution(kernel: 3) && !stage.pooled && min(inputs, outputs) >= 4
      && 3 * 36 * tiles <= 2 * 9 * height * width
    weightFactor = stage.pooled ? 0.25 : 1
    let layer = stage.layer.map { layout.layers[$0] }
    weightOffset = layer?.tensor(.weight)?.offset
    biasOffset = layer?.tensor(.bias)?.offset
    gammaOffset = layer?.tensor(.gamma)?.offset
    betaOffset = layer?.tensor(.beta)?.offset
  }

  /// Whether nothing but an activation comes before the operation; or also a global pool, and which.
  let hasPlainPrologue: Bool
  let onlyGlobalPool: PoolingMode?

  /// Whether each weight sees one pixel of the source alone.
  var readsPixels: Bool { stage.operation == .linear && hasPlainPrologue }

  /// Whether all of a block's input is read before the first of its output is written: not where
  /// Winograd's tiles come in several groups.
  var readsBeforeWriting: Bool { !usesWinograd || Kernels.winogradGroups(self) == 1 }

  var area: Int { height * width }
  var kernelArea: Int { kernelHeight * kernelWidth }
  var fanIn: Int { inputs * kernelArea }
  /// Pairs of input channels, the last of which may be half empty.
  var pairs: Int { (inputs + 1) / 2 }
  /// Whether a step's convolutions of all channels are worth rounding to pairs of bf16 numbers:
  /// Winograd's filtering saves more, and cannot bear the rounding.
  var mayUsePairs: Bool {
    guard case .convolution = stage.operation else { return false }
    return inputs > 1 && !usesWinograd
  }
  /// Output elements of a sample.
  var count: Int { outputs * area }

  var paddedHeight: Int { stage.inputShape.height + 2 * padding }
  var paddedWidth: Int { stage.inputShape.width + 2 * padding }
  var paddedArea: Int { paddedHeight * paddedWidth }
  /// The map that the kernels read: the padded input, or its box sums.
  var mapHeight: Int { paddedHeight - (folded ? 1 : 0) }
  var mapWidth: Int { paddedWidth - (folded ? 1 : 0) }
  var mapPixels: Int { mapHeight * mapWidth }
  /// Floats from one channel's map to the next: some cache lines more than a map, for maps whose
  /// size is a power of two would all fall into the same sets of the first-level cache.
  func mapStride(lanes: Int) -> Int { mapPixels * lanes + 13 * 16 }
  /// Map pixels from one output pixel to the next.
  var step: Int { folded ? 2 : 1 }
  /// Map rows that may hold anything but zeros.
  var mapRows: Range<Int> {
    folded ? 0..<mapHeight : padding..<(padding + stage.inputShape.height)
  }
}
