import RSONumerics

/// The facts by which a run recognises its data. They describe the content, not the path.
package struct DataIdentity: Sendable, Hashable, Codable {
  /// The name in messages: `mnist`, or the name of the directory that the data were read from.
  package var name: String
  package var shape: ImageShape
  package var classes: Int
  package var trainingCount: Int
  package var testCount: Int
  /// SHA-256 of the samples followed by the labels: 64 hexadecimal digits.
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
  /// Returns the differences from the expected content, one text each: `classes: 11, expected 10`.
  /// Empty if at most the names differ.
  package func differences(from expected: DataIdentity) -> [String] {
    let facts: [(String, String, String)] = [
      ("image size", "\(shape)", "\(expected.shape)"),
      ("classes", "\(classes)", "\(expected.classes)"),
      ("training samples", "\(trainingCount)", "\(expected.trainingCount)"),
      ("test samples", "\(testCount)", "\(expected.testCount)"),
      ("SHA-256 of the training set", trainingSHA256, expected.trainingSHA256),
      ("SHA-256 of the test set", testSHA256, expected.testSHA256),
    ]
    return facts.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1), expected \($0.2)" }
  }
}
