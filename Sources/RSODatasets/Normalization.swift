/// Mean and standard deviation of the training set's pixels, one value per channel. A sample enters a
/// network as (byte / 255 - mean) / std.
///
/// *Units:* full scale: the byte 255 counts as 1.
package struct Normalization: Sendable, Hashable, Codable {
  package var mean: [Double]
  package var standardDeviation: [Double]

  package init(mean: [Double], standardDeviation: [Double]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }
}

extension Normalization {
  /// Computes mean and standard deviation of at least one image.
  ///
  /// *Reproducibility:* bitwise. The occurrences of each byte value are counted exactly. Everything
  /// else is IEEE arithmetic on the 256 counts, in a fixed order.
  package init(of images: LabeledImages) {
    precondition(images.count > 0, "at least one image is needed")
    let (channels, area) = (images.shape.channels, images.shape.area)
    var counts = [Int](repeating: 0, count: channels * 256)
    var pixel = 0
    let pixels = images.pixels
    for _ in 0..<images.count {
      for first in stride(from: 0, to: channels * 256, by: 256) {
        for _ in 0..<area {
          counts[first + Int(pixels[pixel])] += 1
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

  /// Returns the normalised value of each byte in each channel. A constant channel is only centred: its
  /// deviation counts as 1.
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
