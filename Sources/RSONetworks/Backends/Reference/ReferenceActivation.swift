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
    var result = ReferenceActivation(
      count: count,
      shape: ImageShape(channels: outputs, plane: geometry.window.places(on: shape.plane)))
    let area = result.shape.area
    let (inputs, perGroup) = (shape.channels / geometry.groups, outputs / geometry.groups)
    let terms = inputs * geometry.window.kernel.area
    // Samples at a time: long rows, whose matrix a cache still holds.
    let step = max(1, 512 / max(1, area))
    for start in stride(from: 0, to: count, by: step) {
      let samples = start..<min(start + step, count)
      for group in 0..<geometry.groups {
        let seen = taps(
          of: samples, channels: (group * inputs)..<((group + 1) * inputs), geometry.window)
        let outputsOfGroup = (group * perGroup)..<((group + 1) * perGroup)
        let own = weights[(outputsOfGroup.lowerBound * terms)..<(outputsOfGroup.upperBound * terms)]
        var sums = Self.product(own, seen, terms: terms)[...]
        for output in outputsOfGroup {
          for sample in samples {
            let plane = (sample * outputs + output) * area
            result.values.replaceSubrange(plane..<(plane + area), with: sums.prefix(area))
            sums = sums.dropFirst(area)
          }
        }
      }
    }
    return result
  }

  /// Returns the values that each tap of a kernel reads at each of its places; 0 in the padding.
  ///
  /// - Returns: (channels, kernel height, kernel width, samples, places), row-major.
  private func taps(of samples: Range<Int>, channels: Range<Int>, _ window: Window) -> [Double] {
    let (kernel, stride, dilation) = (window.kernel, window.stride, window.dilation)
    let (edges, places) = (window.edges(on: shape.plane), window.places(on: shape.plane))
    let (height, width, area) = (shape.height, shape.width, shape.area)
    var seen = [Double](
      repeating: 0, count: channels.count * kernel.area * samples.count * places.area)
    seen.withUnsafeMutableBufferPointer { seen in
      values.withUnsafeBufferPointer { values in
        var start = 0
        for channel in channels {
          for tap in 0..<kernel.area {
            let dy = tap / kernel.width * dilation.height - edges.top
            let dx = tap % kernel.width * dilation.width - edges.left
            // Places whose tap is not in the padding.
            let left = dx < 0 ? (stride.width - 1 - dx) / stride.width : 0
            let right = width > dx ? min(places.width, (width - dx - 1) / stride.width + 1) : 0
            for sample in samples {
              let plane = (sample * shape.channels + channel) * area
              for y in 0..<places.height where (0..<height).contains(y * stride.height + dy) {
                let (from, to) = (
                  plane + (y * stride.height + dy) * width + dx, start + y * places.width
                )
                for x in left..<max(left, right) {
                  seen[to + x] = values[from + x * stride.width]
                }
              }
              start += places.area
            }
          }
        }
      }
    }
    return seen
  }

  /// Returns a linear layer's outputs, N x outputs x 1 x 1.
  ///
  /// - Parameter weights: (outputs, elements of a sample), row-major.
  private func multiplied(by weights: [Double], outputs: Int) -> ReferenceActivation {
    var result = ReferenceActivation(
      count: count, shape: ImageShape(channels: outputs, height: 1, width: 1))
    let elements = Self.transposed(values, rows: count)
    let sums = Self.product(weights[...], elements, terms: shape.count)
    result.values = Self.transposed(sums, rows: outputs)
    return result
  }

  private static func transposed(_ matrix: [Double], rows: Int) -> [Double] {
    let columns = rows == 0 ? 0 : matrix.count / rows
    return (0..<columns).flatMap { column in
      (0..<rows).map { matrix[$0 * columns + column] }
    }
  }

  /// Returns the product of a matrix of `terms` columns and one of `terms` rows, row-major.
  private static func product(
    _ left: ArraySlice<Double>, _ right: [Double], terms: Int
  ) -> [Double] {
    let (rows, columns) = (left.count / terms, right.count / terms)
    var result = [Double](repeating: 0, count: rows * columns)
    // Pointers and four terms at a time: this is nearly all of the work.
    result.withUnsafeMutableBufferPointer { result in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          for row in 0..<rows {
            let sums = UnsafeMutableBufferPointer(
              rebasing: result[(row * columns)..<((row + 1) * columns)])
            let own = UnsafeBufferPointer(rebasing: left[(row * terms)..<((row + 1) * terms)])
            func term(_ index: Int) -> UnsafeBufferPointer<Double> {
              UnsafeBufferPointer(rebasing: right[(index * columns)..<((index + 1) * columns)])
            }
            for index in stride(from: 0, to: terms - 3, by: 4) {
              let (w0, w1, w2, w3) = (own[index], own[index + 1], own[index + 2], own[index + 3])
              let (t0, t1) = (term(index), term(index + 1))
              let (t2, t3) = (term(index + 2), term(index + 3))
              for i in sums.indices {
                sums[i] += (w0 * t0[i] + w1 * t1[i]) + (w2 * t2[i] + w3 * t3[i])
              }
            }
            for index in (terms - terms % 4)..<terms {
              let (weight, values) = (own[index], term(index))
              for i in sums.indices { sums[i] += weight * values[i] }
            }
          }
        }
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
        let seen = rows.lazy.flatMap { row in
          columns.lazy.map { values[plane * shape.area + row * shape.width + $0] }
        }
        result.values[plane * pooled.area + place] = pooling.mode.pool(
          seen, count: rows.count * columns.count)
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
