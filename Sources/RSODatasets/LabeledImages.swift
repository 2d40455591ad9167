import RSONumerics
import RSOSystem

/// Images of one size with a class label each.
package struct LabeledImages: Sendable, Equatable {
  package var shape: ImageShape
  /// Number of classes; every label is smaller.
  package var classes: Int
  /// N x C x H x W, row-major.
  package var pixels: [UInt8]
  package var labels: [UInt8]
  /// SHA-256, in hexadecimal, of the pixels followed by the labels.
  package var sha256: String

  package var count: Int { labels.count }

  package init(
    shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8], sha256: String
  ) {
    precondition(pixels.count == labels.count * shape.count)
    self.shape = shape
    self.classes = classes
    self.pixels = pixels
    self.labels = labels
    self.sha256 = sha256
  }
}

extension LabeledImages {
  /// Images and labels, with their SHA-256 computed.
  package init(shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8]) {
    var hash = SHA256()
    hash.update(pixels)
    hash.update(labels)
    self.init(
      shape: shape, classes: classes, pixels: pixels, labels: labels,
      sha256: hash.finalizeHexadecimal())
  }

  /// The first samples, a data set of its own; all, if there are no more.
  package func prefix(_ count: Int) -> LabeledImages {
    let labels = Array(labels.prefix(count))
    return LabeledImages(
      shape: shape, classes: classes, pixels: Array(pixels.prefix(labels.count * shape.count)),
      labels: labels)
  }
}
