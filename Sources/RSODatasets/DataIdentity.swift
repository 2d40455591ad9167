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

extension DataIdentity {
  /// What differs from the content expected, in words; nothing if only the name does.
  package func differences(from expected: DataIdentity) -> [String] {
    let facts: [(String, String, String)] = [
      ("image size", "\(shape)", "\(expected.shape)"),
      ("classes", "\(classes)", "\(expected.classes)"),
      ("training samples", "\(trainingCount)", "\(expected.trainingCount)"),
      ("test samples", "\(testCount)", "\(expected.testCount)"),
      ("SHA-256 of the training set", trainingSHA256, expected.trainingSHA256),
      ("SHA-256 of the test set", testSHA256, expected.testSHA256),
    ]
    return facts.filter { $0.1 != $0.2 }.map {
      "\($0.0) is \($0.1), not \($0.2)"
    }
  }
}
