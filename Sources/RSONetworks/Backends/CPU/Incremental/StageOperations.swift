/// The operations of one network's stages on one block, in the memory of one worker.
///
/// A class so that passing it on costs nothing: it is used in the innermost loops of Swift code.
final class StageOperations {
  let geometries: [StageGeometry]
  let kernels: Kernels
  let lanes: Int
  /// The flat parameters, the weights of folded stages divided by four.
  let weights: Floats
  /// Transformed weights of the stages that use Winograd's minimal filtering.
  let transformed: [Floats?]
  /// Weights as pairs of bf16 numbers, where the path has them.
  let paired: [Floats?]

  init(
    geometries: [StageGeometry], kernels: Kernels, weights: Floats, transformed: [Floats?],
    paired: [Floats?]
  ) {
    self.geometries = geometries
    self.kernels = kernels
    lanes = kernels.lanes
    self.weights = weights
    self.transformed = transformed
    self.paired = paired
  }

  /// A stage's whole operation on `input`, leaving out some input channels if asked to, on top of
  /// `initial` or the bias. With all channels, running sums of the moments may be asked for.
  func apply(
    _ stage: Int, _ input: TensorView, excluding excluded: Range<Int>? = nil,
    initial: Floats? = nil,
    into out: MutableFloats, moments: MutableFloats? = nil, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    let sourceStride = geometry.sourceShape.area * lanes
    if case .none = geometry.stage.operation {
      for channel in 0..<geometry.outputs where excluded?.contains(channel) != true {
        transform(
          stage, ChannelView(input, channel: channel, stride: sourceStride),
          into: plane(geometry, channel, of: out), scratch)
      }
      return
    }
    precondition(excluded == nil || moments == nil)
    let sum = prepare(stage, input, excluding: excluded, scratch)
    let outputs = 0..<geometry.outputs
    let end = excluded?.lowerBound ?? geometry.inputs
    let next = excluded?.upperBound ?? geometry.inputs
    if end > 0 || next == geometry.inputs {
      convolve(
        stage, sum, channels: 0..<end, outputs: outputs, initial: initial, into: out,
        moments: moments, scratch)
    }
    if next < geometry.inputs {
      convolve(
        stage, sum, channels: next..<geometry.inputs, outputs: outputs,
        initial: end > 0 ? Floats(out) : initial, into: out, scratch)
    }
  }

  /// What some input channels, one of them left out, contribute to a stage's output, on top of
  /// `initial`.
  func add(
    _ stage: Int, _ input: TensorView, channels: Range<Int>, excluding excluded: Int,
    to initial: Floats, into out: MutableFloats, _ scratch: WorkerScratch
  ) {
    let stride = geometries[stage].sourceShape.area * lanes
    var sum = initial
    for part in [channels.lowerBound..<excluded, (excluded + 1)..<channels.upperBound]
    where !part.isEmpty {
      for (slot, channel) in part.enumerated() {
        prepareMap(stage, ChannelView(input, channel: channel, stride: stride), slot: slot, scratch)
      }
      convolve(stage, channels: part, firstSlot: 0, initial: sum, into: out, scratch)
      sum = Floats(out)
    }
    if sum != Floats(out) { out.update(from: sum, count: geometries[stage].count * lanes) }
  }

  /// One output channel of a stage's operation on all of `input`, with the bits that it has among all
  /// outputs.
  func apply(
    _ stage: Int, output: Int, _ input: TensorView, into out: MutableFloats,
    _ scratch: WorkerScratch
  ) {
    let area = geometries[stage].area * lanes
    apply(stage, outputs: [output], input, into: out - output * area, scratch)
  }

  /// The same of several, each in its place of `out`, which holds all channels.
  func apply(
    _ stage: Int, outputs: [Int], _ input: TensorView, into out: MutableFloats,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    if case .none = geometry.stage.operation {
      let stride = geometry.sourceShape.area * lanes
      for output in outputs {
        transform(
          stage, ChannelView(input, channel: output, stride: stride),
          into: plane(geometry, output, of: out), scratch)
      }
      return
    }
    let sum = prepare(stage, input, excluding: nil, scratch)
    for output in outputs {
      convolve(
        stage, sum, channels: 0..<geometry.inputs, outputs: output..<(output + 1), initial: nil,
        into: out + output * geometry.area * lanes, scratch)
    }
  }

  /// What a convolution of many channels reads.
  enum Prepared {
    /// The maps of the scratch, directly.
    case maps
    /// Planes, by Winograd's minimal filtering; the kernel adds batch norm, activation and padding.
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
          stage, ChannelView(input, channel: channel, stride: sourceStride), slot: channel, scratch)
      }
      return .maps
    }
    guard let planes = scratch.inputs[stage] else {
      return .planes(
        input.values, input.affine, geometry.activation, transformed: transformed)
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
    initial: Floats?, into out: MutableFloats, moments: MutableFloats? = nil,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    switch prepared {
    case .maps:
      convolve(
        stage, channels: channels, firstSlot: channels.lowerBound, outputs: outputs,
        initial: initial, into: out, moments: moments, scratch)
    case .planes(let planes, let affine, let activation, let transformed):
      kernels.winograd(
        geometry, input: planes, affine: affine, activation: activation, channels: channels,
        outputs: outputs, transformed: transformed, initial: initial,
        bias: geometry.biasOffset.map { weights + $0 }, into: out, moments: moments,
        work: scratch.winograd)
    }
  }

  /// The bias alone, in every pixel: a sum to which the operation adds nothing.
  func applyBias(_ stage: Int, into out: MutableFloats, _ scratch: WorkerScratch) {
    convolve(stage, channels: 0..<0, firstSlot: 0, initial: nil, into: out, scratch)
  }

  /// What one input channel contributes to a stage's output, on top of `initial` or the bias; with
  /// `out` nil, only the moments of the sum. `nextInitial` is fetched from memory meanwhile.
  @inline(__always)
  func apply(
    _ stage: Int, channel: Int, _ view: ChannelView, initial: Floats?, nextInitial: Floats?,
    into out: MutableFloats?, moments: MutableFloats? = nil, _ scratch: WorkerScratch
  ) {
    prepareMap(stage, view, slot: 0, scratch)
    convolve(
      stage, channels: channel..<(channel + 1), firstSlot: 0, initial: initial,
      nextInitial: nextInitial, into: out, moments: moments, scratch)
  }

  /// Part of a stage's operation on maps of the scratch, directly.
  @inline(__always)
  func convolve(
    _ stage: Int, channels: Range<Int>, firstSlot: Int, outputs: Range<Int>? = nil,
    initial: Floats?, nextInitial: Floats? = nil, into out: MutableFloats?,
    moments: MutableFloats? = nil,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    guard let weightOffset = geometry.weightOffset else { return }
    kernels.convolve(
      geometry, maps: scratch.maps[stage] + firstSlot * geometry.mapStride(lanes: lanes),
      channels: channels, outputs: outputs ?? 0..<geometry.outputs,
      weights: weights + weightOffset, initial: initial, nextInitial: nextInitial,
      bias: geometry.biasOffset.map { weights + $0 }, into: out, moments: moments)
  }

  @inline(__always)
  func plane(_ geometry: StageGeometry, _ channel: Int, of tensor: MutableFloats) -> PlaneTarget {
    PlaneTarget(
      pointer: tensor + channel * geometry.area * lanes, rowStride: geometry.width * lanes)
  }
}
