import RSONumerics

/// The sizes of one stage and the offsets of its parameters. Independent of kernels, so any
/// evaluator that works stage by stage can use it.
///
/// A class so that passing it on costs nothing: it is read in the innermost loops of Swift code.
/// Backends add what their kernels need in a subclass.
class StageGeometry: @unchecked Sendable {
  // Sendable: everything is constant, here and in the subclasses.
  final let stage: Stage
  /// Shape of the source, before the prologue.
  final let sourceShape: ImageShape
  /// Pixels of the largest plane before, between and after the operations of the prologue.
  final let largestPlane: Int
  /// Shape of the skip's source, before its prologue.
  final let skipShape: ImageShape?
  /// Channels that the operation reads.
  final let inputs: Int
  final let outputs: Int
  /// Output plane.
  final let height: Int
  final let width: Int
  final let kernelHeight: Int
  final let kernelWidth: Int
  /// Groups of channels that are apart.
  final let groups: Int
  final let stride: Extent
  final let dilation: Extent
  /// Zero rows and columns around the input.
  final let padding: Edges
  /// First elements in the flat parameter vector.
  final let weightOffset: Int?
  final let biasOffset: Int?
  final let gammaOffset: Int?
  final let betaOffset: Int?

  init(
    stage: Stage, sourceShape: ImageShape, skipShape: ImageShape? = nil, layout: ParameterLayout
  ) {
    self.stage = stage
    self.sourceShape = sourceShape
    self.skipShape = skipShape
    let skipped = skipShape.map { stage.skipPrologue.shapes(from: $0) } ?? []
    largestPlane =
      (stage.prologue.shapes(from: sourceShape) + skipped).map(\.area).max() ?? 0
    inputs = stage.inputShape.channels
    outputs = stage.outputShape.channels
    height = stage.outputShape.height
    width = stage.outputShape.width
    let window = stage.window ?? Window(kernel: Extent(side: 1))
    kernelHeight = window.kernel.height
    kernelWidth = window.kernel.width
    groups = stage.operation?.groups ?? 1
    stride = window.stride
    dilation = window.dilation
    padding = window.edges(on: stage.inputShape.plane)
    let layer = stage.layer.map { layout.layers[$0] }
    weightOffset = layer?.tensor(.weight)?.offset
    biasOffset = layer?.tensor(.bias)?.offset
    gammaOffset = layer?.tensor(.gamma)?.offset
    betaOffset = layer?.tensor(.beta)?.offset
  }

  /// Pixels of an output plane.
  final var area: Int { height * width }
  final var kernelArea: Int { kernelHeight * kernelWidth }
  /// Weights of one output.
  final var fanIn: Int { inputsPerGroup * kernelArea }
  final var inputsPerGroup: Int { inputs / groups }
  final var outputsPerGroup: Int { outputs / groups }
  /// Output elements of a sample.
  final var count: Int { outputs * area }

  final var paddedHeight: Int { stage.inputShape.height + padding.top + padding.bottom }
  final var paddedWidth: Int { stage.inputShape.width + padding.left + padding.right }
  final var paddedArea: Int { paddedHeight * paddedWidth }

  /// The input channels that an output reads.
  final func inputs(of output: Int) -> Range<Int> {
    let first = output / outputsPerGroup * inputsPerGroup
    return first..<(first + inputsPerGroup)
  }
}
