import RSONumerics

/// Labelled images as an evaluator reads them: bytes, and a table of the value of each byte.
package struct Samples: Sendable {
  package let shape: ImageShape
  package let classes: Int
  /// N x C x H x W, row-major.
  package let pixels: [UInt8]
  /// N labels, each less than `classes`.
  package let labels: [UInt8]
  /// C x 256: the normalised value of a byte in a channel.
  package let values: [Float]

  package var count: Int { labels.count }

  package init(
    shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8], values: [Float]
  ) {
    precondition(pixels.count == labels.count * shape.count && values.count == shape.channels * 256)
    self.shape = shape
    self.classes = classes
    self.pixels = pixels
    self.labels = labels
    self.values = values
  }

  /// Returns the same samples with other images.
  package func with(pixels: [UInt8]) -> Samples {
    Samples(shape: shape, classes: classes, pixels: pixels, labels: labels, values: values)
  }
}
