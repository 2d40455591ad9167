/// Puts samples side by side, one block at a time.
struct SamplePacker {
  let samples: Samples
  let lanes: Int
  let kernels: Kernels

  /// Packs the samples `index(position)` of a block. Lanes that are not valid repeat the first one.
  func pack(
    _ block: SampleBlock, into out: MutableFloats, index: (_ position: Int) -> Int
  ) {
    let first = block.index * lanes
    let shape = samples.shape
    samples.pixels.withUnsafeBufferPointer { pixels in
      samples.values.withUnsafeBufferPointer { values in
        guard let pixels = pixels.baseAddress, let values = values.baseAddress else { return }
        var rows = [UnsafePointer<UInt8>?](repeating: nil, count: lanes)
        for channel in 0..<shape.channels {
          for lane in 0..<lanes {
            let sample = index(first + (lane < block.valid ? lane : 0))
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
