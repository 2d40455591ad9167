/// Mean and standard deviation of the training set's pixels, a value a channel, in units of full
/// scale (a byte counts as byte / 255): a sample enters a network as (byte / 255 - mean) / std.
package struct Normalization: Sendable, Hashable, Codable {
  package var mean: [Double]
  package var standardDeviation: [Double]

  package init(mean: [Double], standardDeviation: [Double]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}

extension Normalization {
  /// The mean and standard deviation of these images, of which there must be one.
  ///
  /// *Reproducibility:* bitwise: how often each byte occurs is counted exactly, the rest is IEEE
  /// basic operations on 256 counts in order.
  package init(of images: LabeledImages) {
    precondition(images.count > 0, "no images have no mean")
    let (channels, area) = (images.shape.channels, images.shape.area)
    var counts = [Int](repeating: 0, count: channels * 256)
    var pixel = 0
    for _ in 0..<images.count {
      for first in stride(from: 0, to: channels * 256, by: 256) {
        for _ in 0..<area {
          counts[first + Int(images.pixels[pixel])] += 1
          pixel += 1
        }
      }
    }

    let total = Double(images.count * area)
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

  /// The normalised value of every byte in every channel; a channel that does not vary is centred
  /// only.
  ///
  /// *Shape:* C x 256.
  package func values() -> [Float] {
    zip(mean, standardDeviation).flatMap { mean, deviation in
      (0..<256).map { byte in
        Float((Double(byte) / 255 - mean) / (deviation == 0 ? 1 : deviation))
      }
    }
  }
}
