import RSONumerics

/// The values between two operations for a set of samples. *Shape:* N x C x H x W, row-major,
/// Double.
struct ReferenceActivation {
  var count: Int
  var shape: ImageShape
  var values: [Double]

  init(count: Int, shape: ImageShape) {
    self.count = count
    self.shape = shape
    values = Array(repeating: 0, count: count * shape.count)
  }

  /// The normalised values of the samples `indices`.
  init(_ samples: Samples, _ indices: some Collection<Int>) {
    self.init(count: indices.count, shape: samples.shape)
    for (n, sample) in indices.enumerated() {
      for element in 0..<shape.count {
        values[n * shape.count + element] = Double(samples.value(sample, element))
      }
    }
  }

  // MARK: Operations

  mutating func apply(_ operation: ChannelOperation) {
    switch operation {
    case .activation(let activation): for i in values.indices { values[i] = activation(values[i]) }
    case .pool(let pooling): self = pooled(pooling)
    case .globalPool(let mode): self = globallyPooled(mode)
    case .zeroPad(let padding): self = padded(by: padding)
    }
  }

  /// Returns the weighted sums of a layer, without its bias.
  ///
  /// - Parameter weights: In the shape `operation.weightShape`, row-major.
  func multiplied(
    by weights: [Double], outputs: Int, _ operation: WeightedOperation
  ) -> ReferenceActivation {
    switch operation {
    case .convolution(let geometry): convolved(with: weights, outputs: outputs, geometry)
    case .linear: multiplied(by: weights, outputs: outputs)
    }
  }

  /// - Parameter weights: (outputs, channels, kernel height, kernel width), row-major.
  ///
  /// *Precondition:* stride 1 and one group, as in every checked architecture.
  private func convolved(
    with weights: [Double], outputs: Int, _ geometry: Convolution
  ) -> ReferenceActivation {
    let (kernel, padding) = (geometry.window.kernel, geometry.window.padding)
    precondition(geometry.groups == 1 && geometry.window.stride == Extent(side: 1))
    let (channels, height, width, area) = (shape.channels, shape.height, shape.width, shape.area)
    var result = ReferenceActivation(
      count: count,
      shape: ImageShape(channels: outputs, plane: geometry.window.places(on: shape.plane)))
    let places = result.shape
    // Pointers: this loop is nearly all of the work, and array accesses make it several times slower.
    result.values.withUnsafeMutableBufferPointer { output in
      values.withUnsafeBufferPointer { input in
        for n in 0..<count {
          for o in 0..<outputs {
            for c in 0..<channels {
              for tap in 0..<kernel.area {
                let weight = weights[(o * channels + c) * kernel.area + tap]
                let dy = tap / kernel.width - padding.height
                let dx = tap % kernel.width - padding.width
                // Places whose tap is not in the padding.
                let (left, right) = (max(0, -dx), min(places.width, width - dx))
                guard left < right else { continue }
                for y in 0..<places.height where (0..<height).contains(y + dy) {
                  let to = (n * outputs + o) * places.area + y * places.width + left
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

  /// Returns a linear layer's outputs, N x outputs x 1 x 1.
  ///
  /// - Parameter weights: (outputs, elements of a sample), row-major.
  private func multiplied(by weights: [Double], outputs: Int) -> ReferenceActivation {
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

  /// *Precondition:* the pool has no padding.
  private func pooled(_ pooling: Pooling) -> ReferenceActivation {
    let (kernel, stride) = (pooling.window.kernel, pooling.window.stride)
    precondition(pooling.window.padding == Extent(side: 0))
    var result = ReferenceActivation(
      count: count,
      shape: ImageShape(
        channels: shape.channels, plane: pooling.window.places(on: shape.plane)))
    let pooled = result.shape
    for plane in 0..<(count * shape.channels) {
      for place in 0..<pooled.area {
        let (y, x) = place.quotientAndRemainder(dividingBy: pooled.width)
        let corner = plane * shape.area + y * stride.height * shape.width + x * stride.width
        let seen = (0..<kernel.area).lazy.map { tap in
          values[corner + tap / kernel.width * shape.width + tap % kernel.width]
        }
        result.values[plane * pooled.area + place] = pooling.mode.pool(seen, count: kernel.area)
      }
    }
    return result
  }

  private func globallyPooled(_ mode: PoolingMode) -> ReferenceActivation {
    var result = ReferenceActivation(
      count: count, shape: ImageShape(channels: shape.channels, height: 1, width: 1))
    for plane in 0..<(count * shape.channels) {
      result.values[plane] = mode.pool(values[pixels(ofPlane: plane)], count: shape.area)
    }
    return result
  }

  /// Zeros in `padding` rows and columns around each channel.
  private func padded(by padding: Int) -> ReferenceActivation {
    var result = ReferenceActivation(
      count: count, shape: ChannelOperation.zeroPad(padding).outputShape(of: shape))
    for plane in 0..<(count * shape.channels) {
      for y in 0..<shape.height {
        let from = plane * shape.area + y * shape.width
        let to = plane * result.shape.area + (y + padding) * result.shape.width + padding
        result.values.replaceSubrange(
          to..<(to + shape.width), with: values[from..<(from + shape.width)])
      }
    }
    return result
  }

  mutating func add(_ other: ReferenceActivation) {
    precondition(other.values.count == values.count)
    for i in values.indices { values[i] += other.values[i] }
  }

  /// x <- scale x + shift, with one scale and one shift per channel.
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

extension PoolingMode {
  /// Returns the maximum or the mean of `count` numbers.
  fileprivate func pool(_ numbers: some Sequence<Double>, count: Int) -> Double {
    switch self {
    case .maximum: numbers.reduce(-.infinity) { max($0, $1) }
    case .average: numbers.reduce(0, +) / Double(count)
    }
  }
}
