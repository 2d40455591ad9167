/// The operations of one network's stages on one block, in the memory of one worker.
///
/// A stage's sum is taken in parts. The functions are named by what varies: `sumInputs` takes all
/// outputs from all inputs but some, `sumOutputs` some outputs from all inputs, `sumGroup` and
/// `sumChannels` all outputs from some inputs, `sumBias` none of the inputs. Each starts
/// from given sums, or from the bias.
///
/// A class so that passing it on costs nothing: it is used in the innermost loops of Swift code.
final class StageOperations {
  let geometries: [KernelGeometry]
  let kernels: Kernels
  let lanes: Int
  /// The flat parameters, with the weights of folded stages divided by the pool's area.
  let weights: Floats
  /// Transformed weights of the stages that use Winograd's minimal filtering.
  let transformed: [Floats?]
  /// Weights as pairs of bf16 numbers, where the path has them.
  let paired: [Floats?]
  /// The epsilon of layer norms and group norms.
  let epsilon: Float

  init(
    geometries: [KernelGeometry], kernels: Kernels, weights: Floats, transformed: [Floats?],
    paired: [Floats?], epsilon: Float
  ) {
    self.geometries = geometries
    self.kernels = kernels
    lanes = kernels.lanes
    self.weights = weights
    self.transformed = transformed
    self.paired = paired
    self.epsilon = epsilon
  }

  /// All outputs of a stage from all channels of `input` but `excluded`.
  ///
  /// - Parameters:
  ///   - initial: What the sums start from; nil: the bias.
  ///   - moments: Where running sums of the outputs' moments are added; only with all channels.
  func sumInputs(
    _ stage: Int, _ input: TensorView, excluding excluded: Range<Int>? = nil,
    onto initial: Floats? = nil, into out: MutableFloats, moments: MutableFloats? = nil,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    if geometry.stage.operation == nil {
      passInputs(stage, input, excluding: excluded, into: out, scratch)
      return
    }
    if geometry.groups > 1 {
      sumGroups(
        stage, input, excluding: excluded, onto: initial, into: out, moments: moments, scratch)
      return
    }
    precondition(excluded == nil || moments == nil)
    let prepared = prepare(stage, input, excluding: excluded, scratch)
    let outputs = 0..<geometry.outputs
    let end = excluded?.lowerBound ?? geometry.inputs
    let next = excluded?.upperBound ?? geometry.inputs
    if end > 0 || next == geometry.inputs {
      convolve(
        stage, prepared, channels: 0..<end, outputs: outputs, onto: initial, into: out,
        moments: moments, scratch)
    }
    if next < geometry.inputs {
      convolve(
        stage, prepared, channels: next..<geometry.inputs, outputs: outputs,
        onto: end > 0 ? Floats(out) : initial, into: out, scratch)
    }
  }

  /// Some outputs of a stage from all channels of `input`, with the bits that they have among all
  /// outputs. Each goes to its place in `out`, which holds all channels.
  func sumOutputs(
    _ stage: Int, _ outputs: [Int], _ input: TensorView, into out: MutableFloats,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    if geometry.stage.operation == nil {
      passOutputs(stage, outputs, input, into: out, scratch)
      return
    }
    if geometry.groups > 1 {
      sumOutputsOfGroups(stage, outputs, input, into: out, scratch)
      return
    }
    let prepared = prepare(stage, input, excluding: nil, scratch)
    for output in outputs {
      convolve(
        stage, prepared, channels: 0..<geometry.inputs, outputs: output..<(output + 1), onto: nil,
        into: out + output * geometry.area * lanes, scratch)
    }
  }

  /// All outputs of a stage from the input channels `channels` but `excluded`, on top of `initial`.
  func sumGroup(
    _ stage: Int, _ input: TensorView, channels: Range<Int>, excluding excluded: Range<Int>,
    onto initial: Floats, into out: MutableFloats, _ scratch: WorkerScratch
  ) {
    let stride = geometries[stage].sourceShape.area * lanes
    var sum = initial
    for part in [
      channels.lowerBound..<excluded.lowerBound, excluded.upperBound..<channels.upperBound,
    ]
    where !part.isEmpty {
      for (map, channel) in part.enumerated() {
        prepareMap(stage, ChannelView(input, channel: channel, stride: stride), map: map, scratch)
      }
      convolveMaps(stage, channels: part, firstMap: 0, onto: sum, into: out, scratch)
      sum = Floats(out)
    }
    if sum != Floats(out) { kernels.copy(sum, count: geometries[stage].count, into: out) }
  }

  /// All outputs of a stage from some input channels.
  ///
  /// - Parameters:
  ///   - view: Gives each of `channels`.
  ///   - initial: What the sums start from; nil: the bias.
  ///   - nextInitial: The next block's `initial`, which is fetched from memory meanwhile.
  ///   - out: Nil where only the moments of the sums are wanted.
  @inline(__always)
  func sumChannels(
    _ stage: Int, channels: Range<Int>, _ view: PartView, onto initial: Floats?,
    nextInitial: Floats?, into out: MutableFloats?, moments: MutableFloats? = nil,
    _ scratch: WorkerScratch
  ) {
    for (map, channel) in channels.enumerated() {
      prepareMap(stage, view[channel], map: map, scratch)
    }
    convolveMaps(
      stage, channels: channels, firstMap: 0, onto: initial, nextInitial: nextInitial, into: out,
      moments: moments, scratch)
  }

  /// The bias alone in every pixel: a sum without any input.
  func sumBias(_ stage: Int, into out: MutableFloats, _ scratch: WorkerScratch) {
    convolveMaps(stage, channels: 0..<0, firstMap: 0, onto: nil, into: out, scratch)
  }

  // MARK: Convolutions

  /// The form in which a convolution of many channels reads its input.
  enum Prepared {
    /// The maps of the scratch.
    case maps
    /// Planes, by Winograd's minimal filtering. The kernel adds batch norm, activation and padding.
    case planes(Floats, AffineView?, KernelActivation, transformed: Floats)
  }

  /// Brings the channels of `input` into the form in which the stage reads them.
  @inline(__always)
  func prepare(
    _ stage: Int, _ input: TensorView, excluding excluded: Range<Int>?, _ scratch: WorkerScratch
  ) -> Prepared {
    let geometry = geometries[stage]
    let sourceStride = geometry.sourceShape.area * lanes
    let left = excluded ?? 0..<0
    guard let transformed = transformed[stage] else {
      for channel in 0..<geometry.inputs where !left.contains(channel) {
        prepareMap(
          stage, ChannelView(input, channel: channel, stride: sourceStride), map: channel, scratch)
      }
      return .maps
    }
    guard let planes = scratch.prologues[stage] else {
      return .planes(
        input.values, input.affine, geometry.prologue.activation, transformed: transformed)
    }
    for channel in 0..<geometry.inputs where !left.contains(channel) {
      transform(
        stage, ChannelView(input, channel: channel, stride: sourceStride),
        into: plane(geometry, channel, of: planes), scratch)
    }
    return .planes(planes, nil, .identity, transformed: transformed)
  }

  @inline(__always)
  func convolve(
    _ stage: Int, _ prepared: Prepared, channels: Range<Int>, outputs: Range<Int>,
    onto initial: Floats?, into out: MutableFloats, moments: MutableFloats? = nil,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    switch prepared {
    case .maps:
      convolveMaps(
        stage, channels: channels, firstMap: channels.lowerBound, outputs: outputs,
        onto: initial, into: out, moments: moments, scratch)
    case .planes(let planes, let affine, let activation, let transformed):
      kernels.winograd(
        geometry, input: planes, affine: affine, activation: activation, channels: channels,
        outputs: outputs, transformed: transformed, initial: initial,
        bias: geometry.biasOffset.map { weights + $0 }, into: out, moments: moments,
        work: scratch.winograd)
    }
  }

  /// Part of a stage's operation on maps of the scratch.
  ///
  /// - Parameters:
  ///   - firstMap: The map that holds the first of `channels`.
  ///   - outputs: Nil: all.
  @inline(__always)
  func convolveMaps(
    _ stage: Int, channels: Range<Int>, firstMap: Int, outputs: Range<Int>? = nil,
    onto initial: Floats?, nextInitial: Floats? = nil, into out: MutableFloats?,
    moments: MutableFloats? = nil, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    guard let weightOffset = geometry.weightOffset else { return }
    kernels.convolve(
      geometry, maps: scratch.maps[stage] + firstMap * geometry.mapStride(lanes: lanes),
      channels: channels, outputs: outputs ?? 0..<geometry.outputs,
      weights: weights + weightOffset, initial: initial, nextInitial: nextInitial,
      bias: geometry.biasOffset.map { weights + $0 }, into: out, moments: moments)
  }

  @inline(__always)
  func plane(_ geometry: KernelGeometry, _ channel: Int, of tensor: MutableFloats) -> PlaneTarget {
    PlaneTarget(
      pointer: tensor + channel * geometry.area * lanes, rowStride: geometry.width * lanes)
  }
}
