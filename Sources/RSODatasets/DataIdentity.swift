import RSONumerics

/// What makes two data sets the same for a run: their content, not their place.
package struct DataIdentity: Sendable, Hashable, Codable {
  /// For people: `mnist`, or the name of the directory it was read from.
  package var name: String
  package var shape: ImageShape
  package var classes: Int
  package var trainingCount: Int
  package var testCount: Int
  /// SHA-256, in hexadecimal, of pixels followed by labels.
  package var trainingSHA256: String
  package var testSHA256: String

  package init(
    name: String, shape: ImageShape, classes: Int, trainingCount: Int, testCount: Int,
    trainingSHA256: String, testSHA256: String
  ) {
    self.name = name
    self.shape = shape
    self.classes = classes
    self.trainingCount = trainingCount
    self.testCount = testCount
    self.trainingSHA256 = trainingSHA256
    self.testSHA256 = testSHA256
  }
}

/// A training set and a test set of the same kind.
package struct Dataset: Sendable {
  package var name: String
  package var training: LabeledImages
  package var test: LabeledImages

  package init(name: String, training: LabeledImages, test: LabeledImages) {
    self.name = name
    self.training = training
    self.test = test
  }

  package var identity: DataIdentity {
    DataIdentity(
      name: name, shape: training.shape, classes: training.classes,
      trainingCount: training.count, testCount: test.count,
      trainingSHA256: training.sha256, testSHA256: test.sha256)
  }
}
