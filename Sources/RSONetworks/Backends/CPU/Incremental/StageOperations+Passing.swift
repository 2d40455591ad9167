import RSONumerics

/// Stages without a weighted operation: they pass their input on, or normalise each sample.
extension StageOperations {
  /// All channels of such a stage from all channels of `input` but `excluded`. The excluded channels and
  /// those beyond the input are zero where a skip will be added to them.
  func passInputs(
    _ stage: Int, _ input: TensorView, excluding excluded: Range<Int>?, into out: MutableFloats,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    let left = excluded ?? 0..<0
    let isZeroed = geometry.outputs > geometry.inputs || geometry.stage.skip != nil
    for channel in 0..<geometry.outputs {
      if channel < geometry.inputs, !left.contains(channel) {
        pass(stage, input, channel, into: out, scratch)
      } else if isZeroed {
        clear(stage, channel, in: out)
      }
    }
    if geometry.stage.normGroups != nil {
      normalizeGroups(stage, touching: excluded, affected: false, of: out)
    }
  }

  /// Some channels of such a stage. A stage with a sample norm gives all or none.
  func passOutputs(
    _ stage: Int, _ outputs: [Int], _ input: TensorView, into out: MutableFloats,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    for channel in outputs {
      if channel < geometry.inputs {
        pass(stage, input, channel, into: out, scratch)
      } else {
        clear(stage, channel, in: out)
      }
    }
    if geometry.stage.normGroups != nil {
      precondition(outputs.count == geometry.outputs, "no channel is normalised alone")
      normalizeGroups(stage, touching: nil, affected: false, of: out)
    }
  }

  /// Fills a channel with zeros.
  func clear(_ stage: Int, _ channel: Int, in out: MutableFloats) {
    let area = geometries[stage].area
    kernels.fill(0, count: area, into: out + channel * area * lanes)
  }

  private func pass(
    _ stage: Int, _ input: TensorView, _ channel: Int, into out: MutableFloats,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    transform(
      stage,
      ChannelView(input, channel: channel, stride: geometry.sourceShape.area * lanes),
      into: plane(geometry, channel, of: out), scratch)
  }

  /// Normalises the groups of a sample norm that have a channel of `changed` (`affected`), or none.
  func normalizeGroups(
    _ stage: Int, touching changed: Range<Int>?, affected: Bool, of out: MutableFloats
  ) {
    let geometry = geometries[stage]
    guard let groups = geometry.stage.normGroups else { return }
    let size = geometry.outputs / groups
    for group in 0..<groups {
      let channels = (group * size)..<((group + 1) * size)
      guard changed?.overlaps(channels) ?? affected == affected else { continue }
      kernels.normalizeLanes(
        out + channels.lowerBound * geometry.area * lanes, count: size * geometry.area,
        epsilon: epsilon)
    }
  }
}
