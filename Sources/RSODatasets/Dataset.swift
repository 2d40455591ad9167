/// A training set and a test set of the same kind.
package struct Dataset: Sendable {
  package var name: String
  package var training: LabeledImages
  package var test: LabeledImages
  /// True if the number of classes is only derived from the labels: the largest one + 1. A network
  /// may have more.
  package var hasOpenClasses: Bool
  /// The absolute path of the file or directory that it was loaded from; nil if it was made in memory.
  package var place: String?

  package init(
    name: String, training: LabeledImages, test: LabeledImages, hasOpenClasses: Bool = false,
    place: String? = nil
  ) {
    self.name = name
    self.training = training
    self.test = test
    self.hasOpenClasses = hasOpenClasses
    self.place = place
  }

  /// The facts by which a run recognises its data.
  package var identity: DataIdentity {
    DataIdentity(
      name: name, shape: training.shape, classes: training.classes,
      trainingCount: training.count, testCount: test.count,
      trainingSHA256: training.sha256, testSHA256: test.sha256)
  }

  /// Raises the number of classes to `count` if it is open and smaller. Otherwise does nothing.
  package mutating func adoptClasses(_ count: Int) {
    guard hasOpenClasses, count > training.classes else { return }
    training.classes = count
    test.classes = count
  }
}
