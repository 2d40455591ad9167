import RSONumerics

/// Skip connections: what an earlier value adds to a stage's output.
extension StageOperations {
  /// Adds a stage's skip, if it has one, to channels of its output.
  ///
  /// - Parameters:
  ///   - channels: Channels of the output; nil: all.
  ///   - excluded: Channels that are left out.
  ///   - out: All channels of the output.
  ///   - view: Gives the values of the skip's source.
  func addSkip(
    _ stage: Int, channels: [Int]? = nil, excluding excluded: Range<Int> = 0..<0,
    to out: MutableFloats, _ scratch: WorkerScratch, view: (Stage.Source) -> TensorView
  ) {
    let geometry = geometries[stage]
    guard let skip = geometry.stage.skip, let shape = geometry.skipShape else { return }
    let offset = geometry.stage.skipOffset
    let added = offset..<(offset + shape.channels)
    if let channels, !channels.contains(where: added.contains) { return }
    let tensor = view(skip)
    let stride = shape.area * lanes
    func add(_ channel: Int) {
      guard added.contains(channel), !excluded.contains(channel) else { return }
      addSkipChannel(
        stage, ChannelView(tensor, channel: channel - offset, stride: stride),
        to: out + channel * geometry.area * lanes, scratch)
    }
    if let channels {
      channels.forEach(add)
    } else {
      for channel in added { add(channel) }
    }
  }

  /// Adds one channel of a stage's skip, pooled where the stage is, to a channel of its output.
  func addSkipChannel(
    _ stage: Int, _ view: ChannelView, to out: MutableFloats, _ scratch: WorkerScratch
  ) {
    let geometry = geometries[stage]
    let isPlain = geometry.stage.skipPrologue.isEmpty
    let pool = geometry.stage.pool
    if pool == nil && isPlain && view.tap == nil {
      kernels.addAffine(
        view.values, count: geometry.area, scale: view.scale, shift: view.shift, to: out)
      return
    }
    guard let prologue = geometry.skipPrologue else { return }
    let shape = geometry.stage.skipPrologue.shapes(from: prologue.shape).last ?? prologue.shape
    var plane = scratch.skipPlane
    transform(
      prologue, view, into: PlaneTarget(pointer: plane, rowStride: shape.width * lanes), scratch)
    if pool != nil {
      kernels.averagePool(
        plane, height: shape.height, width: shape.width, into: scratch.planes.1)
      plane = scratch.planes.1
    }
    kernels.addAffine(plane, count: geometry.area, scale: 1, shift: 0, to: out)
  }
}
