import RSONumerics

/// A public data set that can be named without a path: `mnist`.
package struct PublishedDataset: Sendable {
  package let name: String
  /// The shape of its samples. It is the default data set of networks with this input shape.
  package let shape: ImageShape
  /// Further names of its directory or file, as published: `cifar-10-batches-bin`.
  package let fileNames: [String]
  /// The advice in the error if it is not found: `get it from ...`.
  package let advice: String

  package init(name: String, shape: ImageShape, fileNames: [String] = [], advice: String) {
    self.name = name
    self.shape = shape
    self.fileNames = fileNames
    self.advice = advice
  }
}
