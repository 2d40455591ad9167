import RSONumerics

/// A public data set that can be named without a path: `mnist`.
package struct PublishedDataset: Sendable {
  package let name: String
  /// The shape of its samples. Networks that take this shape are trained on it by default.
  package let shape: ImageShape
  /// Names of the directory or file that it is published as, besides `name`.
  package let fileNames: [String]
  /// The advice of the error where it is not found: `get it from ...`.
  package let advice: String

  package init(name: String, shape: ImageShape, fileNames: [String] = [], advice: String) {
    self.name = name
    self.shape = shape
    self.fileNames = fileNames
    self.advice = advice
  }
}
