/// The parts of a data set as a reader found them, before shapes, labels and splits are settled.
///
/// A reader of files with free choice of form (arrays, tables) makes one and gives it to
/// `DatasetAssembly`.
package struct RawDataset: Sendable {
  package var training: RawPart
  package var validation: RawPart?
  package var test: RawPart?

  package init(training: RawPart, validation: RawPart? = nil, test: RawPart? = nil) {
    self.training = training
    self.validation = validation
    self.test = test
  }
}

/// Samples and their targets as a reader found them.
package struct RawPart: Sendable {
  package var samples: RawSamples
  package var targets: RawTargets
  /// The names of the target columns, where they have names; otherwise empty.
  package var columnNames: [String]

  package init(samples: RawSamples, targets: RawTargets, columnNames: [String] = []) {
    self.samples = samples
    self.targets = targets
    self.columnNames = columnNames
  }
}

/// Samples as a file has them.
package struct RawSamples: Sendable {
  /// Row-major. Floats are finite.
  package var storage: SampleStorage
  /// *Shape:* N, then the extents of a sample: none (one number), F, H x W, or three.
  package var shape: [Int]
  /// The name in messages: `x_train`.
  package var name: String

  package init(storage: SampleStorage, shape: [Int], name: String) {
    self.storage = storage
    self.shape = shape
    self.name = name
  }
}
