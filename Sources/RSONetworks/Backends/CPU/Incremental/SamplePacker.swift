/// Puts samples side by side, a block at a time.
struct SamplePacker {
  let samples: Samples
  let lanes: Int
  let kernels: Kernels

  /// The samples at `indices(lane)` for the valid lanes of a block; the others repeat the first.
  func pack(
    _ position: BlockPosition, into out: MutableFloats, index: (_ position: Int) -> Int
  ) {
    let first = position.block * lanes
    let shape = samples.shape
    samples.pixels.withUnsafeBufferPointer { pixels in
      samples.values.withUnsafeBufferPointer { values in
        guard let pixels = pixels.baseAddress, let values = values.baseAddress else { return }
        var rows = [UnsafePointer<UInt8>?](repeating: nil, count: lanes)
        for channel in 0..<shape.channels {
          for lane in 0..<lanes {
            let sample = index(first + (lane < position.valid ? lane : 0))
            rows[lane] = pixels + sample * shape.count + channel * shape.area
          }
          kernels.pack(
            rows, count: shape.area, values: values + 256 * channel,
            into: out + channel * shape.area * lanes)
        }
      }
    }
  }
}
