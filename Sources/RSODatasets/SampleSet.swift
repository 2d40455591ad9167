import RSONumerics
import RSOSystem

/// Samples of one shape, each with its targets.
package struct SampleSet: Sendable, Equatable {
  package var shape: ImageShape
  /// The number of outputs that a network needs: classes, labels or numbers of a sample.
  package var outputs: Int
  /// *Shape:* N x C x H x W, row-major.
  package var samples: SampleStorage
  package var targets: Targets
  /// SHA-256 of the samples followed by the targets: 64 hexadecimal digits.
  package var sha256: String

  /// The number of samples.
  package var count: Int { targets.count }

  /// The class of every sample; empty for other tasks.
  package var labels: [UInt16] { targets.classes }

  package init(
    shape: ImageShape, outputs: Int, samples: SampleStorage, targets: Targets, sha256: String
  ) {
    precondition(samples.count == targets.count * shape.count)
    self.shape = shape
    self.outputs = outputs
    self.samples = samples
    self.targets = targets
    self.sha256 = sha256
  }
}

extension SampleSet {
  /// Makes a set of samples with targets, and computes its SHA-256.
  package init(shape: ImageShape, outputs: Int, samples: SampleStorage, targets: Targets) {
    var digest = SHA256()
    samples.update(&digest)
    targets.update(&digest)
    self.init(
      shape: shape, outputs: outputs, samples: samples, targets: targets,
      sha256: digest.finalizeHexadecimal())
  }

  /// Images as bytes, each with a class.
  ///
  /// - Parameters:
  ///   - pixels: *Shape:* N x C x H x W.
  ///   - labels: *Range:* 0 ..< classes.
  package init(
    shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8], sha256: String
  ) {
    self.init(
      shape: shape, outputs: classes, samples: .bytes(pixels),
      targets: .classes(labels.map(UInt16.init)), sha256: sha256)
  }

  /// Images as bytes, each with a class. Computes the SHA-256.
  package init(shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8]) {
    self.init(
      shape: shape, outputs: classes, samples: .bytes(pixels),
      targets: .classes(labels.map(UInt16.init)))
  }

  /// Returns the first `count` samples; all of them if there are fewer.
  package func prefix(_ count: Int) -> SampleSet {
    let count = min(max(0, count), self.count)
    return SampleSet(
      shape: shape, outputs: outputs, samples: samples[0..<(count * shape.count)],
      targets: targets[0..<count])
  }

  /// Returns the samples `indices`, in that order.
  package func selected(_ indices: [Int]) -> SampleSet {
    SampleSet(
      shape: shape, outputs: outputs, samples: samples.selected(indices, size: shape.count),
      targets: targets.selected(indices))
  }
}

extension Targets {
  /// Adds the targets to a digest. Classes below 256 are one byte each; if any is larger, all are two,
  /// low byte first. Labels are one byte each; numbers are IEEE binary32, low byte first.
  fileprivate func update(_ digest: inout SHA256) {
    switch self {
    case .classes(let classes):
      if classes.contains(where: { $0 > UInt8.max }) {
        digest.update(classes.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
      } else {
        digest.update(classes.map { UInt8($0) })
      }
    case .labels(let labels, _): digest.update(labels)
    case .numbers(let numbers, _): digest.update(numbers)
    }
  }
}
