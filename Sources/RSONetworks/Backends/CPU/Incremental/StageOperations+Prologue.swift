import RSONumerics

/// The operations before a stage's own: batch norm, activation and pooling of single channels.
extension StageOperations {
  /// Writes a channel of a source through the prologue of a stage into `target`.
  @inline(__always)
  func transform(
    _ stage: Int, _ channel: ChannelView, into target: PlaneTarget, _ scratch: WorkerScratch
  ) {
    transform(geometries[stage].prologue, channel, into: target, scratch)
  }

  @inline(__always)
  func transform(
    _ prologue: borrowing KernelPrologue, _ channel: ChannelView, into target: PlaneTarget,
    _ scratch: WorkerScratch
  ) {
    let shape = prologue.shape
    if prologue.isPlain {
      load(channel, shape: shape, activation: prologue.activation, into: target)
      return
    }
    let plane = scratch.planes.0
    load(
      channel, shape: shape, activation: prologue.activation,
      into: PlaneTarget(pointer: plane, rowStride: shape.width * lanes))
    if let mode = prologue.onlyGlobalPool {
      kernels.globalPool(mode, plane, count: shape.area, into: target.pointer)
      return
    }
    finish(prologue, into: target, scratch)
  }

  /// The operations of a prologue after its first activation, from the scratch's first plane on.
  private func finish(
    _ prologue: borrowing KernelPrologue, into target: PlaneTarget, _ scratch: WorkerScratch
  ) {
    var shape = ImageShape(channels: 1, plane: prologue.shape.plane)
    var from = scratch.planes.0
    var to = scratch.planes.1
    for operation in prologue.rest {
      apply(operation, from, shape, into: to)
      shape = operation.outputShape(of: shape)
      swap(&from, &to)
    }
    kernels.affine(
      from, height: shape.height, width: shape.width, scale: 1, shift: 0,
      activation: .identity, into: target)
  }

  /// Applies one operation to a plane of the size `shape`.
  private func apply(
    _ operation: ChannelOperation, _ plane: MutableFloats, _ shape: ImageShape,
    into out: MutableFloats
  ) {
    switch operation {
    case .activation(let activation):
      kernels.affine(
        plane, height: shape.height, width: shape.width, scale: 1, shift: 0,
        activation: KernelActivation(activation),
        into: PlaneTarget(pointer: out, rowStride: shape.width * lanes))
    case .pool(.halving):
      kernels.averagePool(plane, height: shape.height, width: shape.width, into: out)
    case .pool(let pooling):
      kernels.pool(pooling, plane, height: shape.height, width: shape.width, into: out)
    case .globalPool(let mode):
      kernels.globalPool(mode, plane, count: shape.area, into: out)
    case .zeroPad(let padding):
      let padded = operation.outputShape(of: shape)
      kernels.fill(0, count: padded.area, into: out)
      kernels.affine(
        plane, height: shape.height, width: shape.width, scale: 1, shift: 0,
        activation: .identity,
        into: PlaneTarget(
          pointer: out + (padding * padded.width + padding) * lanes,
          rowStride: padded.width * lanes))
    }
  }

  @inline(__always)
  func load(
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

  /// Prepares one channel of a stage's input as map number `map` of the scratch; returns the map.
  @inline(__always)
  @discardableResult
  func prepareMap(
    _ stage: Int, _ channel: ChannelView, map: Int, _ scratch: WorkerScratch
  ) -> Floats {
    let geometry = geometries[stage]
    let target = scratch.target(stage, geometry, map: map, lanes: lanes)
    transform(stage, channel, into: target, scratch)
    let map = scratch.maps[stage] + map * geometry.mapStride(lanes: lanes)
    if let padded = scratch.padded[stage] {
      kernels.boxSum(
        padded, height: geometry.paddedHeight, width: geometry.paddedWidth, into: map)
    }
    return Floats(map)
  }

  /// Prepares one pixel of a stage's input, where nothing but an activation comes before the
  /// operation.
  @inline(__always)
  func preparePixel(
    _ geometry: KernelGeometry, _ channel: ChannelView, pixel: Int, _ scratch: WorkerScratch
  ) -> Floats {
    precondition(channel.tap == nil)
    var channel = channel
    channel.values += pixel * lanes
    let out = scratch.planes.0
    load(
      channel, shape: ImageShape(channels: 1, height: 1, width: 1),
      activation: geometry.prologue.activation,
      into: PlaneTarget(pointer: out, rowStride: lanes))
    return Floats(out)
  }
}
