import RSONumerics

/// The facts by which a run recognises its data. They describe the content, not the path.
package struct DataIdentity: Sendable, Hashable, Codable {
  /// The SHA-256 of nothing: that of a test set if there is none.
  package static let emptySHA256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  /// The name in messages: `mnist`, or the name of the directory that the data were read from.
  package var name: String
  package var shape: ImageShape
  /// The number of classes, labels or numbers of a sample.
  package var outputs: Int
  package var trainingCount: Int
  package var testCount: Int
  /// SHA-256 of the samples followed by the targets: 64 hexadecimal digits.
  package var trainingSHA256: String
  package var testSHA256: String
  /// nil for classification.
  package var task: LearningTask?
  /// The kind of numbers of the samples; nil for bytes.
  package var elements: SampleStorage.Kind?
  /// nil without a validation set.
  package var validationCount: Int?
  package var validationSHA256: String?
  /// The names of the outputs, in their order; nil if they are called 0, 1, 2 ...
  package var outputNames: [String]?
  /// True if there are no data: `trainingCount` is the number of cases on which a program of the user evaluates
  /// parameters.
  package var areCases: Bool?

  /// The keys of a plan's JSON. A value that is nil is not stored, so that plans keep their bytes.
  private enum CodingKeys: String, CodingKey {
    case name, shape
    case outputs = "classes"
    case trainingCount, testCount, trainingSHA256, testSHA256, task, elements, validationCount,
      validationSHA256, outputNames
    case areCases = "cases"
  }

  package init(
    name: String, shape: ImageShape, outputs: Int, trainingCount: Int, testCount: Int,
    trainingSHA256: String, testSHA256: String, task: LearningTask? = nil,
    elements: SampleStorage.Kind? = nil, validationCount: Int? = nil,
    validationSHA256: String? = nil, outputNames: [String]? = nil
  ) {
    self.name = name
    self.shape = shape
    self.outputs = outputs
    self.trainingCount = trainingCount
    self.testCount = testCount
    self.trainingSHA256 = trainingSHA256
    self.testSHA256 = testSHA256
    self.task = task
    self.elements = elements
    self.validationCount = validationCount
    self.validationSHA256 = validationSHA256
    self.outputNames = outputNames
  }

  /// The task; classification if none is stored.
  package var learningTask: LearningTask { task ?? .classification }

  /// The name of an output in texts and tables: its own name or its number.
  package func outputName(_ index: Int) -> String {
    guard let outputNames, outputNames.indices.contains(index) else { return "\(index)" }
    return outputNames[index]
  }
}

extension DataIdentity {
  /// The cases on which a program of the user evaluates parameters, in place of data.
  package init(cases: Int, of name: String) {
    self.init(
      name: name, shape: ImageShape(channels: 1, height: 1, width: 1), outputs: 1,
      trainingCount: cases, testCount: 0, trainingSHA256: Self.emptySHA256,
      testSHA256: Self.emptySHA256)
    areCases = true
  }

  /// Returns the differences from the expected content, one text each: `classes: 11, expected 10`.
  /// Empty if at most the names differ.
  ///
  /// - Parameter ignoresTest: True if the test sets may differ.
  package func differences(
    from expected: DataIdentity, ignoresTest: Bool = false
  ) -> [String] {
    // Earlier versions did not read the names that stand in an array of their own, and a table without a header has none
    // for numbers to predict.
    let areNamed =
      expected.outputNames != nil && !(learningTask == .regression && outputNames == nil)
    let facts: [(String, String, String)] = [
      ("sample shape", "\(shape)", "\(expected.shape)"),
      ("task", learningTask.rawValue, expected.learningTask.rawValue),
      ("numbers", Self.text(elements), Self.text(expected.elements)),
      (outputsNoun, "\(outputs)", "\(expected.outputs)"),
      ("training samples", "\(trainingCount)", "\(expected.trainingCount)"),
      ("validation samples", "\(validationCount ?? 0)", "\(expected.validationCount ?? 0)"),
      ("test samples", "\(testCount)", "\(ignoresTest ? testCount : expected.testCount)"),
      ("SHA-256 of the training set", trainingSHA256, expected.trainingSHA256),
      (
        "SHA-256 of the validation set", validationSHA256 ?? "none",
        expected.validationSHA256 ?? "none"
      ),
      ("SHA-256 of the test set", testSHA256, ignoresTest ? testSHA256 : expected.testSHA256),
      (
        "output names", Self.text(areNamed ? outputNames : nil),
        Self.text(areNamed ? expected.outputNames : nil)
      ),
    ]
    return facts.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1), expected \($0.2)" }
  }

  /// The noun for the outputs in messages: `classes`.
  package var outputsNoun: String {
    switch learningTask {
    case .classification: "classes"
    case .multiLabel: "labels"
    case .regression: "numbers to predict"
    }
  }

  private static func text(_ kind: SampleStorage.Kind?) -> String {
    (kind ?? .bytes).rawValue
  }

  private static func text(_ names: [String]?) -> String {
    names.map { $0.joined(separator: ", ") } ?? "none"
  }
}
