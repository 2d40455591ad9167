/// Convolutions whose channels form groups that are apart: an output reads the inputs of its group alone.
extension StageOperations {
  /// All outputs from all channels of `input` but `excluded`.
  func sumGroups(
    _ stage: Int, _ input: TensorView, excluding excluded: Range<Int>?, onto initial: Floats?,
    into out: MutableFloats, moments: MutableFloats?, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    let left = excluded ?? 0..<0
    for channel in 0..<geometry.inputs where !left.contains(channel) {
      prepareMap(stage, view(stage, input, channel), map: channel, scratch)
    }
    for group in 0..<geometry.groups {
      let inputs = geometry.inputs(of: group * geometry.outputsPerGroup)
      let parts = [
        inputs.lowerBound..<max(inputs.lowerBound, min(inputs.upperBound, left.lowerBound)),
        min(inputs.upperBound, max(inputs.lowerBound, left.upperBound))..<inputs.upperBound,
      ]
      let taken = left.isEmpty ? [inputs] : parts.filter { !$0.isEmpty }
      var start = initial.map { $0 + group * geometry.outputsPerGroup * geometry.area * lanes }
      // Without an input, the bias alone.
      for part in taken.isEmpty ? [inputs.lowerBound..<inputs.lowerBound] : taken {
        convolveGroup(
          stage, group, channels: part, firstMap: part.lowerBound, onto: start, into: out,
          moments: moments, scratch)
        start = Floats(out + group * geometry.outputsPerGroup * geometry.area * lanes)
      }
    }
  }

  /// Some outputs from all channels of their groups.
  func sumOutputsOfGroups(
    _ stage: Int, _ outputs: [Int], _ input: TensorView, into out: MutableFloats,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    var prepared = 0..<0
    for output in outputs {
      let inputs = geometry.inputs(of: output)
      if prepared != inputs {
        for channel in inputs {
          prepareMap(stage, view(stage, input, channel), map: channel, scratch)
        }
        prepared = inputs
      }
      let group = output / geometry.outputsPerGroup
      convolveGroup(
        stage, group, channels: inputs, outputs: output..<(output + 1), firstMap: inputs.lowerBound,
        onto: nil, into: out, moments: nil, scratch)
    }
  }

  /// The outputs of the groups that have some of the input channels `channels`, from these alone.
  ///
  /// - Parameters:
  ///   - initial: The first output's sums of the whole stage; nil: the bias.
  ///   - out: All channels of the output.
  func sumChannelsOfGroups(
    _ stage: Int, channels: Range<Int>, _ view: PartView, onto initial: Floats?,
    into out: MutableFloats, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    let size = geometry.inputsPerGroup
    for group in (channels.lowerBound / size)...((channels.upperBound - 1) / size) {
      let part = channels.clamped(to: (group * size)..<((group + 1) * size))
      for (map, channel) in part.enumerated() {
        prepareMap(stage, view[channel], map: map, scratch)
      }
      convolveGroup(
        stage, group, channels: part, firstMap: 0,
        onto: initial.map { $0 + group * geometry.outputsPerGroup * geometry.area * lanes },
        into: out, moments: nil, scratch)
    }
  }

  /// One group's outputs, or some of them.
  ///
  /// - Parameters:
  ///   - firstMap: The map that holds the first of `channels`.
  ///   - initial: The first of the outputs' sums; nil: the bias.
  ///   - out: All channels of the output.
  private func convolveGroup(
    _ stage: Int, _ group: Int, channels: Range<Int>, outputs: Range<Int>? = nil, firstMap: Int,
    onto initial: Floats?, into out: MutableFloats, moments: MutableFloats?,
    _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    guard let weightOffset = geometry.weightOffset else { return }
    let first = group * geometry.inputsPerGroup
    let own = group * geometry.outputsPerGroup
    let outputs = outputs ?? own..<(own + geometry.outputsPerGroup)
    kernels.convolve(
      geometry, maps: scratch.maps[stage] + firstMap * geometry.mapStride(lanes: lanes),
      channels: (channels.lowerBound - first)..<(channels.upperBound - first), outputs: outputs,
      weights: weights + weightOffset, initial: initial,
      bias: geometry.biasOffset.map { weights + $0 },
      into: out + outputs.lowerBound * geometry.area * lanes,
      moments: moments.map { $0 + 2 * outputs.lowerBound * lanes })
  }

  private func view(_ stage: Int, _ input: TensorView, _ channel: Int) -> ChannelView {
    ChannelView(input, channel: channel, stride: geometries[stage].sourceShape.area * lanes)
  }
}
