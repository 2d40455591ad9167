import RSONumerics

/// The value between two operations for a set of samples: N x C x H x W, row-major, in double.
struct ReferenceActivation {
  var count: Int
  var shape: ImageShape
  var values: [Double]

  init(count: Int, shape: ImageShape) {
    self.count = count
    self.shape = shape
    values = Array(repeating: 0, count: count * shape.count)
  }

  /// The normalised pixels of the samples `indices`.
  init(_ samples: Samples, _ indices: some Collection<Int>) {
    self.init(count: indices.count, shape: samples.shape)
    for (n, sample) in indices.enumerated() {
      for element in 0..<shape.count {
        let byte = Int(samples.pixels[sample * shape.count + element])
        let channel = element / shape.area
        values[n * shape.count + element] = Double(samples.values[channel * 256 + byte])
      }
    }
  }

  // MARK: Operations

  /// k x k convolution, stride 1, zero padding (k - 1) / 2; weights (out, in, k, k).
  func convolved(with weights: [Double], outputs: Int, kernel: Int) -> ReferenceActivation {
    let (channels, height, width, area) = (shape.channels, shape.height, shape.width, shape.area)
    var result = ReferenceActivation(
      count: count, shape: ImageShape(channels: outputs, height: height, width: width))
    let padding = (kernel - 1) / 2
    // Pointers: this loop is nearly all of the work, and array accesses make it several times slower.
    result.values.withUnsafeMutableBufferPointer { output in
      values.withUnsafeBufferPointer { input in
        for n in 0..<count {
          for o in 0..<outputs {
            for c in 0..<channels {
              for tap in 0..<(kernel * kernel) {
                let weight = weights[(o * channels + c) * kernel * kernel + tap]
                let (dy, dx) = (tap / kernel - padding, tap % kernel - padding)
                let (left, right) = (max(0, -dx), min(width, width - dx))
                guard left < right else { continue }
                for y in 0..<height where (0..<height).contains(y + dy) {
                  let to = (n * outputs + o) * area + y * width + left
                  let from = (n * channels + c) * area + (y + dy) * width + left + dx
                  let row = UnsafeMutableBufferPointer(rebasing: output[to..<(to + right - left)])
                  let taken = UnsafeBufferPointer(rebasing: input[from..<(from + right - left)])
                  for x in row.indices { row[x] += weight * taken[x] }
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Every output sees all elements of a sample; weights (out, elements).
  func multiplied(by weights: [Double], outputs: Int) -> ReferenceActivation {
    var result = ReferenceActivation(
      count: count, shape: ImageShape(channels: outputs, height: 1, width: 1))
    for n in 0..<count {
      for o in 0..<outputs {
        var sum = 0.0
        for i in 0..<shape.count {
          sum += weights[o * shape.count + i] * values[n * shape.count + i]
        }
        result.values[n * outputs + o] = sum
      }
    }
    return result
  }

  func averagePooled() -> ReferenceActivation {
    var result = ReferenceActivation(
      count: count,
      shape: ImageShape(
        channels: shape.channels, height: shape.height / 2, width: shape.width / 2))
    let pooled = result.shape
    for plane in 0..<(count * shape.channels) {
      for y in 0..<pooled.height {
        for x in 0..<pooled.width {
          let corner = plane * shape.area + 2 * y * shape.width + 2 * x
          let sum =
            values[corner] + values[corner + 1]
            + values[corner + shape.width] + values[corner + shape.width + 1]
          result.values[plane * pooled.area + y * pooled.width + x] = sum / 4
        }
      }
    }
    return result
  }

  func globallyPooled(_ mode: PoolingMode) -> ReferenceActivation {
    var result = ReferenceActivation(
      count: count, shape: ImageShape(channels: shape.channels, height: 1, width: 1))
    for plane in 0..<(count * shape.channels) {
      let pixels = values[pixels(ofPlane: plane)]
      result.values[plane] =
        switch mode {
        case .maximum: pixels.reduce(-.infinity) { max($0, $1) }
        case .average: pixels.reduce(0, +) / Double(shape.area)
        }
    }
    return result
  }

  mutating func apply(_ activation: Activation) {
    for i in values.indices { values[i] = activation(values[i]) }
  }

  mutating func add(_ other: ReferenceActivation) {
    precondition(other.values.count == values.count)
    for i in values.indices { values[i] += other.values[i] }
  }

  /// x <- scale x + shift, a pair a channel.
  mutating func transform(scale: [Double], shift: [Double]) {
    for plane in 0..<(count * shape.channels) {
      let (a, b) = (scale[plane % shape.channels], shift[plane % shape.channels])
      for i in pixels(ofPlane: plane) { values[i] = a * values[i] + b }
    }
  }

  /// The sum over samples and pixels of `term(value, channel)`, for every channel.
  func channelSums(_ term: (_ value: Double, _ channel: Int) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: shape.channels)
    for plane in 0..<(count * shape.channels) {
      let channel = plane % shape.channels
      for i in pixels(ofPlane: plane) { sums[channel] += term(values[i], channel) }
    }
    return sums
  }

  /// Mean and biased variance of each channel.
  var moments: ReferenceNetwork.Moments {
    let count = Double(count * shape.area)
    let mean = channelSums { x, _ in x }.map { $0 / count }
    let squares = channelSums { x, channel in (x - mean[channel]) * (x - mean[channel]) }
    return (mean, squares.map { $0 / count })
  }

  /// The elements of one channel of one sample.
  private func pixels(ofPlane plane: Int) -> Range<Int> {
    (plane * shape.area)..<((plane + 1) * shape.area)
  }
}
