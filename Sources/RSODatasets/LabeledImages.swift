import RSONumerics
import RSOSystem

/// Images of one size, each with a class label.
package struct LabeledImages: Sendable, Equatable {
  package var shape: ImageShape
  /// The number of classes; every label is smaller.
  package var classes: Int
  /// *Shape:* N x C x H x W, row-major.
  package var samples: SampleStorage
  /// *Shape:* N. *Range:* 0 ..< classes.
  package var labels: [UInt8]
  /// SHA-256 of the samples followed by the labels: 64 hexadecimal digits.
  package var sha256: String

  /// The number of images.
  package var count: Int { labels.count }

  package init(
    shape: ImageShape, classes: Int, samples: SampleStorage, labels: [UInt8], sha256: String
  ) {
    precondition(samples.count == labels.count * shape.count)
    self.shape = shape
    self.classes = classes
    self.samples = samples
    self.labels = labels
    self.sha256 = sha256
  }
}

extension LabeledImages {
  /// Makes a set of images and labels, and computes its SHA-256.
  package init(shape: ImageShape, classes: Int, samples: SampleStorage, labels: [UInt8]) {
    var digest = SHA256()
    samples.update(&digest)
    digest.update(labels)
    self.init(
      shape: shape, classes: classes, samples: samples, labels: labels,
      sha256: digest.finalizeHexadecimal())
  }

  package init(
    shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8], sha256: String
  ) {
    self.init(
      shape: shape, classes: classes, samples: .bytes(pixels), labels: labels, sha256: sha256)
  }

  package init(shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8]) {
    self.init(shape: shape, classes: classes, samples: .bytes(pixels), labels: labels)
  }

  /// The pixels as bytes. *Shape:* N x C x H x W, row-major.
  package var pixels: [UInt8] {
    switch samples {
    case .bytes(let bytes): bytes
    }
  }

  /// Returns the first `count` images; all of them if there are fewer.
  package func prefix(_ count: Int) -> LabeledImages {
    let labels = Array(labels.prefix(count))
    return LabeledImages(
      shape: shape, classes: classes, samples: samples.prefix(labels.count * shape.count),
      labels: labels)
  }
}
