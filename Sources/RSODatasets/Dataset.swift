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
