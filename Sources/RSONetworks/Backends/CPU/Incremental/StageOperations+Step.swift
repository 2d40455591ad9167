/// A stage's operation as the steps of a search take it: in the precision of the path. Base sums,
/// statistics and predictions are always in single precision.
extension StageOperations {
  /// All outputs of a stage from all channels of `input`, with moments if asked for.
  func sumInStep(
    _ stage: Int, _ input: TensorView, onto initial: Floats?, into out: MutableFloats,
    moments: MutableFloats?, _ scratch: WorkerScratch
  ) {
    guard paired[stage] != nil else {
      sumInputs(stage, input, onto: initial, into: out, moments: moments, scratch)
      return
    }
    _ = prepare(stage, input, excluding: nil, scratch)
    convolvePairs(stage, onto: initial, into: out, moments: moments, scratch)
  }

  /// One channel's contribution to an earlier stage, which another stage reads without keeping it.
  struct Passing {
    /// The earlier stage, and its batch norm.
    let source: Int
    let affine: AffineView
    /// The input channels of `source` that change.
    let channels: Range<Int>
    let view: PartView
    /// The earlier stage's base sum, and that of the next block.
    let baseSum: Floats?
    let nextBaseSum: Floats?
  }

  /// The same where the input is not kept: `passing` goes through batch norm and ReLU into the maps, a
  /// few channels at a time. Only for a stage that `readsMapsOfReLU`.
  func sumInStep(
    _ stage: Int, _ passing: Passing, onto initial: Floats?, into out: MutableFloats,
    moments: MutableFloats?, _ scratch: WorkerScratch
  ) {
    let (from, geometry) = (geometries[passing.source], geometries[stage])
    guard let weightOffset = from.weightOffset else { return }
    let area = from.area * lanes
    for (map, channel) in passing.channels.enumerated() {
      prepareMap(passing.source, passing.view[channel], map: map, scratch)
    }
    let map = Floats(scratch.maps[passing.source])
    for first in stride(from: 0, to: from.outputs, by: kernels.outputsTogether) {
      let part = first..<min(from.outputs, first + kernels.outputsTogether)
      kernels.convolveIntoMaps(
        from, maps: map, channels: passing.channels, outputs: part,
        weights: weights + weightOffset, initial: passing.baseSum.map { $0 + first * area },
        nextInitial: passing.nextBaseSum.map { $0 + first * area },
        bias: from.biasOffset.map { weights + $0 }, affine: passing.affine,
        into: scratch.target(stage, geometry, map: first, lanes: lanes),
        planeStride: geometry.folding != nil
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
      convolvePairs(stage, onto: initial, into: out, moments: moments, scratch)
      return
    }
    convolveMaps(
      stage, channels: 0..<geometry.inputs, firstMap: 0, onto: initial, into: out,
      moments: moments, scratch)
  }

  /// True if a stage reads maps of all its channels, not planes, with nothing but ReLU before them.
  func readsMapsOfReLU(_ stage: Int) -> Bool {
    let geometry = geometries[stage]
    return transformed[stage] == nil && geometry.weightOffset != nil && geometry.prologue.isPlain
      && geometry.groups == 1 && geometry.prologue.activation.isReLU
  }

  /// All channels of a stage's operation in products of bf16 numbers, on the scratch's maps.
  private func convolvePairs(
    _ stage: Int, onto initial: Floats?, into out: MutableFloats, moments: MutableFloats?,
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
