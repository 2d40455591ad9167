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

  /// - Parameter weights: (outputs, channels of a group, kernel height, kernel width), row-major.
  private func convolved(
    with weights: [Double], outputs: Int, _ geometry: Convolution
  ) -> ReferenceActivation {
    let window = geometry.window
    let (kernel, stride, dilation) = (window.kernel, window.stride, window.dilation)
    let edges = window.edges(on: shape.plane)
    let (channels, height, width, area) = (shape.channels, shape.height, shape.width, shape.area)
    let (inputs, perGroup) = (channels / geometry.groups, outputs / geometry.groups)
    var result = ReferenceActivation(
      count: count, shape: ImageShape(channels: outputs, plane: window.places(on: shape.plane)))
    let places = result.shape
    // Pointers: this loop is nearly all of the work, and array accesses make it several times slower.
    result.values.withUnsafeMutableBufferPointer { output in
      values.withUnsafeBufferPointer { input in
        for n in 0..<count {
          for o in 0..<outputs {
            for i in 0..<inputs {
              let c = o / perGroup * inputs + i
              for tap in 0..<kernel.area {
                let weight = weights[(o * inputs + i) * kernel.area + tap]
                let dy = tap / kernel.width * dilation.height - edges.top
                let dx = tap % kernel.width * dilation.width - edges.left
                // Places whose tap is not in the padding.
                let left = dx < 0 ? (stride.width - 1 - dx) / stride.width : 0
                let right =
                  width > dx ? min(places.width, (width - dx - 1) / stride.width + 1) : 0
                guard left < right else { continue }
                for y in 0..<places.height where (0..<height).contains(y * stride.height + dy) {
                  let to = (n * outputs + o) * places.area + y * places.width + left
                  let from =
                    (n * channels + c) * area + (y * stride.height + dy) * width
                    + left * stride.width + dx
                  let row = UnsafeMutableBufferPointer(rebasing: output[to..<(to + right - left)])
                  guard stride.width == 1 else {
                    for x in row.indices { row[x] += weight * input[from + x * stride.width] }
                    continue
                  }
                  // Neighbours, which the compiler takes several at a time.
                  let taken = UnsafeBufferPointer(rebasing: input[from..<(from + row.count)])
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

  private func pooled(_ pooling: Pooling) -> ReferenceActivation {
    let (kernel, stride) = (pooling.window.kernel, pooling.window.stride)
    let edges = pooling.window.edges(on: shape.plane)
    var result = ReferenceActivation(
      count: count,
      shape: ImageShape(
        channels: shape.channels, plane: pooling.window.places(on: shape.plane)))
    let pooled = result.shape
    for plane in 0..<(count * shape.channels) {
      for place in 0..<pooled.area {
        let (y, x) = place.quotientAndRemainder(dividingBy: pooled.width)
        let (top, left) = (y * stride.height - edges.top, x * stride.width - edges.left)
        let rows = max(0, top)..<min(shape.height, top + kernel.height)
        let columns = max(0, left)..<min(shape.width, left + kernel.width)
        let seen = rows.flatMap { row in
          columns.map { values[plane * shape.area + row * shape.width + $0] }
        }
        result.values[plane * pooled.area + place] = pooling.mode.pool(seen, count: seen.count)
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

  /// Returns the channels of both, those of `other` after the own ones.
  func concatenated(with other: ReferenceActivation) -> ReferenceActivation {
    let channels = shape.channels + other.shape.channels
    var result = ReferenceActivation(
      count: count, shape: ImageShape(channels: channels, plane: shape.plane))
    result.values.removeAll()
    for n in 0..<count {
      result.values += values[(n * shape.count)..<((n + 1) * shape.count)]
      result.values += other.values[(n * other.shape.count)..<((n + 1) * other.shape.count)]
    }
    return result
  }

  /// Normalises each sample over the pixels of each of `groups` groups of channels.
  mutating func normalizeSamples(groups: Int, epsilon: Double) {
    let size = shape.count / groups
    for start in stride(from: 0, to: values.count, by: size) {
      let own = values[start..<(start + size)]
      let mean = own.reduce(0, +) / Double(size)
      let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
      let scale = 1 / (variance + epsilon).squareRoot()
      for i in own.indices { values[i] = (values[i] - mean) * scale }
    }
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
