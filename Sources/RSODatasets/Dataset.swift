/// A training set and a test set of the same kind.
package struct Dataset: Sendable {
  package var name: String
  package var training: LabeledImages
  package var test: LabeledImages
  /// The absolute path of the file or directory that it was loaded from; nil if it was made in memory.
  package var place: String?

  package init(name: String, training: LabeledImages, test: LabeledImages, place: String? = nil) {
    self.name = name
    self.training = training
    self.test = test
    self.place = place
  }

  package var identity: DataIdentity {
    DataIdentity(
      name: name, shape: training.shape, classes: training.classes,
      trainingCount: training.count, testCount: test.count,
      trainingSHA256: training.sha256, testSHA256: test.sha256)
  }
}
