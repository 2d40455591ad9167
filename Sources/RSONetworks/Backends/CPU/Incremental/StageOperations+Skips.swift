import RSONumerics

/// Skip connections: what an earlier stage adds to a later one's output.
extension StageOperations {
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
}
