import RSONumerics

/// Skip connections: what an earlier stage adds to a later one's output.
extension StageOperations {
  /// Adds a stage's skip, if it has one, to channels of its output.
  ///
  /// - Parameters:
  ///   - channels: Nil: all.
  ///   - excluded: A channel that is left out.
  ///   - out: All channels of the output.
  ///   - view: Gives the values of the skip's source.
  func addSkip(
    _ stage: Int, channels: [Int]? = nil, excluding excluded: Int? = nil, to out: MutableFloats,
    _ scratch: WorkerScratch, view: (Stage.Source) -> TensorView
  ) {
    let geometry = geometries[stage]
    guard let skip = geometry.stage.skip, case .stage(let source) = skip else { return }
    let tensor = view(skip)
    let stride = geometries[source].area * lanes
    func add(_ channel: Int) {
      addSkipChannel(
        stage, ChannelView(tensor, channel: channel, stride: stride),
        to: out + channel * geometry.area * lanes, scratch)
    }
    if let channels {
      channels.forEach(add)
    } else {
      for channel in 0..<geometry.outputs where channel != excluded { add(channel) }
    }
  }

  /// Adds one channel of a stage's skip, pooled where the stage is, to a channel of its output.
  func addSkipChannel(
    _ stage: Int, _ view: ChannelView, to out: MutableFloats, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    let pool = geometry.stage.pool
    if pool == nil && view.tap == nil {
      kernels.addAffine(
        view.values, count: geometry.area, scale: view.scale, shift: view.shift, to: out)
      return
    }
    guard let skip = geometry.stage.skip, case .stage(let source) = skip else { return }
    let from = geometries[source]
    let shape = ImageShape(channels: 1, height: from.height, width: from.width)
    let plane = scratch.planes.0
    load(
      view, shape: shape, activation: .identity,
      into: PlaneTarget(pointer: plane, rowStride: shape.width * lanes))
    var added = plane
    if pool != nil {
      added = scratch.planes.1
      kernels.averagePool(plane, height: shape.height, width: shape.width, into: added)
    }
    kernels.addAffine(added, count: geometry.area, scale: 1, shift: 0, to: out)
  }
}
