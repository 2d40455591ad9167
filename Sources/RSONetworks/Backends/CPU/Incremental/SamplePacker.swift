/// Puts samples side by side, one block at a time.
struct SamplePacker {
  let samples: Samples
  let lanes: Int
  let kernels: Kernels

  /// Packs the samples `index(position)` of a block. Lanes that are not valid repeat the first one.
  func pack(
    _ block: SampleBlock, into out: MutableFloats, index: (_ position: Int) -> Int
  ) {
    let shape = samples.shape
    switch samples.inputs {
    case .bytes(let bytes, let values):
      values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        forEachPlane(of: bytes, block, index) { channel, rows in
          kernels.pack(
            rows, count: shape.area, values: values + 256 * channel,
            into: out + channel * shape.area * lanes)
        }
      }
    case .floats(let floats):
      forEachPlane(of: floats, block, index) { channel, rows in
        let out = out + channel * shape.area * lanes
        for (lane, row) in rows.enumerated() {
          guard let row else { continue }
          for pixel in 0..<shape.area { out[pixel * lanes + lane] = row[pixel] }
        }
      }
    }
  }

  /// Calls `body` for each channel, with the beginning of that plane of the sample in each lane.
  private func forEachPlane<Element>(
    of elements: [Element], _ block: SampleBlock, _ index: (_ position: Int) -> Int,
    _ body: (_ channel: Int, _ rows: [UnsafePointer<Element>?]) -> Void
  ) {
    let first = block.index * lanes
    let shape = samples.shape
    elements.withUnsafeBufferPointer { elements in
      guard let elements = elements.baseAddress else { return }
      var rows = [UnsafePointer<Element>?](repeating: nil, count: lanes)
      for channel in 0..<shape.channels {
        for lane in 0..<lanes {
          let sample = index(first + (lane < block.valid ? lane : 0))
          rows[lane] = elements + sample * shape.count + channel * shape.area
        }
        body(channel, rows)
      }
    }
  }
}
