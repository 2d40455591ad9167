import RSONumerics

/// A tensor of one block as a stage reads it: values before batch norm, and the batch norm.
struct TensorView {
  /// [channel][pixel][lane]
  var values: Floats
  var affine: AffineView

  init(values: Floats, affine: ChannelAffine) {
    self.values = values
    self.affine = affine.view
  }
}

/// One channel of a block, as it is or with a change: values + amount * tap + offset, then the
/// batch norm.
struct ChannelView {
  var values: Floats
  var tap: Floats?
  var amount: Float = 0
  var offset: Float = 0
  var scale: Float
  var shift: Float

  init(values: Floats, scale: Float, shift: Float) {
    self.values = values
    self.scale = scale
    self.shift = shift
  }

  init(_ tensor: TensorView, channel: Int, stride: Int) {
    self.init(
      values: tensor.values + channel * stride, scale: tensor.affine.scales[channel],
      shift: tensor.affine.shifts[channel])
  }
}

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

  /// Writes a channel of a source through the prologue of stage `stage` into `target`.
  @inline(__always)
  func transform(
    _ stage: Int, _ channel: ChannelView, into target: PlaneTarget, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    var shape = geometry.sourceShape
    if geometry.hasPlainPrologue {
      load(channel, shape: shape, activation: geometry.activation, into: target)
      return
    }
    if let mode = geometry.onlyGlobalPool {
      let plane = scratch.planes.0
      load(
        channel, shape: shape, activation: geometry.activation,
        into: PlaneTarget(pointer: plane, rowStride: shape.width * lanes))
      kernels.globalPool(mode, plane, count: shape.area, into: target.pointer)
      return
    }
    var from = scratch.planes.0
    var to = scratch.planes.1
    load(
      channel, shape: shape, activation: geometry.activation,
      into: PlaneTarget(pointer: from, rowStride: shape.width * lanes))
    for operation in geometry.rest {
      switch operation {
      case .activation(let activation):
        kernels.affine(
          from, height: shape.height, width: shape.width, scale: 1, shift: 0,
          activation: activation,
          into: PlaneTarget(pointer: to, rowStride: shape.width * lanes))
      case .averagePool:
        kernels.averagePool(from, height: shape.height, width: shape.width, into: to)
        shape.height /= 2
        shape.width /= 2
      case .globalPool(let mode):
        kernels.globalPool(mode, from, count: shape.area, into: to)
        shape.height = 1
        shape.width = 1
      }
      swap(&from, &to)
    }
    kernels.affine(
      from, height: shape.height, width: shape.width, scale: 1, shift: 0,
      activation: .identity, into: target)
  }

  @inline(__always)
  private func load(
    _ channel: ChannelView, shape: ImageShape, activation: KernelActivation,
    into target: PlaneTarget
  ) {
    if let tap = channel.tap {
      kernels.candidate(
        channel.values, tap: tap, amount: channel.amount, offset: channel.offset,
        height: shape.height, width: shape.width, scale: channel.scale, shift: channel.shift,
        activation: activation, into: target)
    } else {
      kernels.affine(
        channel.values, height: shape.height, width: shape.width, scale: channel.scale,
        shift: channel.shift, activation: activation, into: target)
    }
  }

  /// Prepares one channel of a stage's input as map number `slot` of the scratch; returns the map.
  @inline(__always)
  @discardableResult
  func prepareMap(
    _ stage: Int, _ channel: ChannelView, slot: Int, _ scratch: WorkerScratch
  ) -> Floats {
    let geometry = geometries[stage]
    let target = scratch.target(stage, geometry, channel: slot, lanes: lanes)
    transform(stage, channel, into: target, scratch)
    let map = scratch.maps[stage] + slot * geometry.mapStride(lanes: lanes)
    if let padded = scratch.padded[stage] {
      kernels.boxSum(
        padded, height: geometry.paddedHeight, width: geometry.paddedWidth, into: map)
    }
    return Floats(map)
  }

  /// One pixel of a stage's input, where nothing but an activation comes before the operation.
  @inline(__always)
  func preparePixel(
    _ stage: Int, _ channel: ChannelView, pixel: Int, _ scratch: WorkerScratch
  ) -> Floats {
    precondition(channel.tap == nil)
    var channel = channel
    channel.values += pixel * lanes
    let out = scratch.planes.0
    load(
      channel, shape: ImageShape(channels: 1, height: 1, width: 1),
      activation: geometries[stage].activation, into: PlaneTarget(pointer: out, rowStride: lanes))
    return Floats(out)
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
  private enum Prepared {
    /// The maps of the scratch, directly.
    case maps
    /// Planes, by Winograd's minimal filtering; the kernel adds batch norm, activation and padding.
    case planes(Floats, AffineView?, KernelActivation, transformed: Floats)
  }

  /// Brings the channels of `input` into the form in which the stage reads them.
  @inline(__always)
  private func prepare(
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
  private func convolve(
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

  /// A stage's whole operation as a step takes it, with moments if asked for: in the precision of the
  /// path, whereas residuals, statistics and predictions are always in single precision.
  func applyInStep(
    _ stage: Int, _ input: TensorView, initial: Floats?, into out: MutableFloats,
    moments: MutableFloats?, _ scratch: WorkerScratch
  ) {
    guard paired[stage] != nil else {
      apply(stage, input, initial: initial, into: out, moments: moments, scratch)
      return
    }
    _ = prepare(stage, input, excluding: nil, scratch)
    convolvePairs(stage, initial: initial, into: out, moments: moments, scratch)
  }

  /// The same of an input that is one channel's contribution to stage `source`, on top of
  /// `sourceInitial`: it goes through batch norm and ReLU on the way into the maps, a few channels at
  /// a time. Only for a stage that `readsMapsOfReLU`.
  func applyInStep(
    _ stage: Int, from source: Int, channel: Int, _ view: ChannelView, sourceInitial: Floats?,
    nextInitial: Floats?, affine: AffineView, initial: Floats?, into out: MutableFloats,
    moments: MutableFloats?, _ scratch: WorkerScratch
  ) {
    let (from, geometry) = (geometries[source], geometries[stage])
    guard let weightOffset = from.weightOffset else { return }
    let area = from.area * lanes
    let map = Floats(prepareMap(source, view, slot: 0, scratch))
    for first in stride(from: 0, to: from.outputs, by: WorkerScratch.paddedPlanes) {
      let part = first..<min(from.outputs, first + WorkerScratch.paddedPlanes)
      kernels.convolve(
        from, maps: map, channels: channel..<(channel + 1), outputs: part,
        weights: weights + weightOffset, initial: sourceInitial.map { $0 + first * area },
        nextInitial: nextInitial.map { $0 + first * area },
        bias: from.biasOffset.map { weights + $0 }, affine: affine,
        into: scratch.target(stage, geometry, channel: first, lanes: lanes),
        planeStride: geometry.folded
          ? geometry.paddedArea * lanes : geometry.mapStride(lanes: lanes))
      guard let padded = scratch.padded[stage] else { continue }
      for output in part {
        kernels.boxSum(
          padded + (output - first) * geometry.paddedArea * lanes, height: geometry.paddedHeight,
          width: geometry.paddedWidth,
          into: scratch.maps[stage] + output * geometry.mapStride(lanes: lanes))
      }
    }
    guard paired[stage] == nil else {
      convolvePairs(stage, initial: initial, into: out, moments: moments, scratch)
      return
    }
    convolve(
      stage, channels: 0..<geometry.inputs, firstSlot: 0, initial: initial, into: out,
      moments: moments, scratch)
  }

  /// Whether a stage reads maps of all its channels, not planes, with nothing but ReLU before them.
  func readsMapsOfReLU(_ stage: Int) -> Bool {
    let geometry = geometries[stage]
    return transformed[stage] == nil && geometry.weightOffset != nil && geometry.hasPlainPrologue
      && geometry.activation.isReLU
  }

  /// All channels of a stage's operation in products of bf16 numbers, on the scratch's maps.
  private func convolvePairs(
    _ stage: Int, initial: Floats?, into out: MutableFloats, moments: MutableFloats?,
    _ scratch: WorkerScratch
  ) {
    guard let weights = paired[stage], let pairs = scratch.pairs[stage] else { return }
    let geometry = geometries[stage]
    let stride = geometry.mapStride(lanes: lanes)
    let maps = Floats(scratch.maps[stage])
    for pair in 0..<geometry.pairs {
      let even = maps + 2 * pair * stride
      kernels.pair(
        even, 2 * pair + 1 < geometry.inputs ? even + stride : nil, count: geometry.mapPixels,
        into: pairs + pair * stride)
    }
    kernels.convolvePairs(
      geometry, maps: pairs, weights: weights, initial: initial,
      bias: geometry.biasOffset.map { self.weights + $0 }, into: out, moments: moments)
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
  private func convolve(
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

  /// Adds an earlier stage's channel, pooled where the stage is, to a channel of its output.
  func addSkip(
    _ stage: Int, _ view: ChannelView, sourceArea: (height: Int, width: Int),
    to out: MutableFloats, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    if !geometry.folded && view.tap == nil {
      kernels.addAffine(
        view.values, count: geometry.area, scale: view.scale, shift: view.shift, to: out)
      return
    }
    let shape = ImageShape(channels: 1, height: sourceArea.height, width: sourceArea.width)
    let plane = scratch.planes.0
    load(
      view, shape: shape, activation: .identity,
      into: PlaneTarget(pointer: plane, rowStride: shape.width * lanes))
    var added = plane
    if geometry.folded {
      added = scratch.planes.1
      kernels.averagePool(plane, height: shape.height, width: shape.width, into: added)
    }
    kernels.addAffine(added, count: geometry.area, scale: 1, shift: 0, to: out)
  }

  /// Adds all channels of an earlier stage but `excluded`.
  func addSkip(
    _ stage: Int, _ tensor: TensorView, from source: StageGeometry, excluding excluded: Int? = nil,
    to out: MutableFloats, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    for channel in 0..<geometry.outputs where channel != excluded {
      addSkip(
        stage, ChannelView(tensor, channel: channel, stride: source.area * lanes),
        sourceArea: (source.height, source.width),
        to: out + channel * geometry.area * lanes, scratch)
    }
  }

  @inline(__always)
  func plane(_ geometry: StageGeometry, _ channel: Int, of tensor: MutableFloats) -> PlaneTarget {
    PlaneTarget(
      pointer: tensor + channel * geometry.area * lanes, rowStride: geometry.width * lanes)
  }
}
