import RSONumerics

/// Mean and standard deviation of the training set's samples, one value per channel. A sample of F
/// features has F channels of one element.
///
/// An element x enters a network as (x - mean) / std, in which a constant channel's deviation counts
/// as 1.
///
/// *Units:* those of the numbers; of bytes full scale: the byte 255 counts as 1.
package struct Normalization: Sendable, Hashable, Codable {
  package var mean: [Double]
  package var standardDeviation: [Double]

  package init(mean: [Double], standardDeviation: [Double]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}

extension Normalization {
  /// Computes mean and standard deviation of at least one sample.
  ///
  /// *Reproducibility:* bitwise. The occurrences of each byte value are counted exactly; floats are
  /// added in Double in the order of the samples. Everything else is IEEE arithmetic in a fixed order.
  package init(of set: SampleSet) {
    precondition(set.count > 0, "at least one sample is needed")
    switch set.samples {
    case .bytes(let bytes): self.init(bytes: bytes, set.shape, count: set.count)
    case .floats(let floats): self.init(floats: floats, set.shape, count: set.count)
    }
  }

  private init(bytes: [UInt8], _ shape: ImageShape, count: Int) {
    let (channels, area) = (shape.channels, shape.area)
    var counts = [Int](repeating: 0, count: channels * 256)
    var element = 0
    for _ in 0..<count {
      for first in stride(from: 0, to: channels * 256, by: 256) {
        for _ in 0..<area {
          counts[first + Int(bytes[element])] += 1
          element += 1
        }
      }
    }

    let total = Double(count * area)
    self.init(mean: [], standardDeviation: [])
    for channel in 0..<channels {
      let histogram = counts[(channel * 256)..<(channel * 256 + 256)]
      let sum = histogram.enumerated().reduce(0) { $0 + $1.offset * $1.element }
      let center = Double(sum) / total
      let squares = histogram.enumerated().reduce(0.0) {
        let difference = Double($1.offset) - center
        return $0 + Double($1.element) * (difference * difference)
      }
      mean.append(center / 255)
      standardDeviation.append((squares / total).squareRoot() / 255)
    }
  }

  private init(floats: [Float], _ shape: ImageShape, count: Int) {
    let total = Double(count * shape.area)
    let sums = Self.channelSums(floats, shape) { value, _ in value }
    let mean = sums.map { $0 / total }
    let squares = Self.channelSums(floats, shape) { value, channel in
      let difference = value - mean[channel]
      return difference * difference
    }
    self.init(mean: mean, standardDeviation: squares.map { ($0 / total).squareRoot() })
  }

  /// The sum over samples and pixels of `term(value, channel)`, for every channel.
  private static func channelSums(
    _ floats: [Float], _ shape: ImageShape, _ term: (Double, Int) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: shape.channels)
    var element = 0
    while element < floats.count {
      for channel in 0..<shape.channels {
        var sum = sums[channel]
        for _ in 0..<shape.area {
          sum += term(Double(floats[element]), channel)
          element += 1
        }
        sums[channel] = sum
      }
    }
    return sums
  }

  /// The normalised floats.
  ///
  /// - Parameter floats: *Shape:* N x C x H x W.
  package func normalized(_ floats: [Float], _ shape: ImageShape) -> [Float] {
    let deviations = divisors
    var element = 0
    return [Float](unsafeUninitializedCapacity: floats.count) { out, count in
      while element < floats.count {
        for channel in 0..<shape.channels {
          let (center, deviation) = (mean[channel], deviations[channel])
          for _ in 0..<shape.area {
            out.initializeElement(
              at: element, to: Float((Double(floats[element]) - center) / deviation))
            element += 1
          }
        }
      }
      count = element
    }
  }

  /// The deviations, in which 0 is replaced by 1.
  private var divisors: [Double] { standardDeviation.map { $0 == 0 ? 1 : $0 } }

  /// Returns the normalised value of each byte in each channel. A constant channel is only centred: its
  /// deviation counts as 1.
  ///
  /// *Shape:* C x 256.
  package func values() -> [Float] {
    zip(mean, divisors).flatMap { mean, deviation in
      (0..<256).map { byte in Float((Double(byte) / 255 - mean) / deviation) }
    }
  }
}
