/// A stage's operation as the steps of a search take it.
extension StageOperations {
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
    for first in stride(from: 0, to: from.outputs, by: WorkerScratchSizes.paddedPlanes) {
      let part = first..<min(from.outputs, first + WorkerScratchSizes.paddedPlanes)
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
}
