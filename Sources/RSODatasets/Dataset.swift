import RSONumerics

/// A training set, and if there are any a validation set and a test set of the same kind.
package struct Dataset: Sendable {
  package var name: String
  package var training: SampleSet
  /// The set that the best network is chosen on; nil if there is none.
  package var validation: SampleSet?
  /// The set that the chosen network is judged on; nil if there is none.
  package var test: SampleSet?
  /// The names of the classes, labels or numbers, in the order of the outputs; empty if they have
  /// no names but 0, 1, 2 ...
  package var outputNames: [String]
  /// True if the number of classes is only derived from the labels: the largest one + 1. A network
  /// may have more.
  package var hasOpenClasses: Bool
  /// The absolute path of the file or directory that it was loaded from; nil if it was made in memory.
  package var place: String?
  /// The kind of data set, in its reader's words; empty if it was made in memory.
  package var kind = ""
  /// The names of the channels or features; empty if they have none.
  package var channelNames: [String] = []
  /// The arrays of its files, of data in files of arrays; otherwise empty.
  package var arrays: [ListedArray] = []
  /// Decisions of its reader that a user may not expect.
  package var remarks: [String] = []
  /// Likely mistakes that its reader found.
  package var doubts: [DataDoubt] = []
  /// The choices of the user about how it is read, and those of its reader, for further files of the same
  /// form.
  package var request = DataRequest()

  package init(
    name: String, training: SampleSet, validation: SampleSet? = nil, test: SampleSet?,
    outputNames: [String] = [], hasOpenClasses: Bool = false, place: String? = nil
  ) {
    self.name = name
    self.training = training
    self.validation = validation
    self.test = test
    self.outputNames = outputNames
    self.hasOpenClasses = hasOpenClasses
    self.place = place
  }

  /// The task that the targets of the training set belong to.
  package var task: LearningTask { training.targets.task }

  /// The facts by which a run recognises its data.
  package var identity: DataIdentity {
    DataIdentity(
      name: name, shape: training.shape, outputs: training.outputs,
      trainingCount: training.count, testCount: test?.count ?? 0,
      trainingSHA256: training.sha256, testSHA256: test?.sha256 ?? DataIdentity.emptySHA256,
      task: task == .classification ? nil : task,
      elements: training.samples.kind == .bytes ? nil : training.samples.kind,
      validationCount: validation?.count, validationSHA256: validation?.sha256,
      outputNames: outputNames.isEmpty ? nil : outputNames)
  }

  /// Raises the number of classes to `count` if it is open and smaller. Otherwise does nothing.
  package mutating func adoptClasses(_ count: Int) {
    guard hasOpenClasses, count > training.outputs else { return }
    training.outputs = count
    validation?.outputs = count
    test?.outputs = count
  }

  /// Names the data and their outputs as a run does that was trained on them.
  mutating func takeNames(of identity: DataIdentity) {
    name = identity.name
    outputNames = identity.outputNames ?? []
  }

  /// Checks that the content is that of a run's data. Names do not matter.
  ///
  /// - Parameter ignoresTest: True if the test set may be another one.
  ///
  /// *Throws:* `DatasetError.differentData`.
  package func requireContent(
    of expected: DataIdentity, ignoresTest: Bool = false
  ) throws(DatasetError) {
    let differences = identity.differences(from: expected, ignoresTest: ignoresTest)
    if differences.isEmpty { return }
    if let path = request.testData, identity.differences(from: expected, ignoresTest: true).isEmpty
    {
      throw .differentTestData(path: path)
    }
    throw .differentData(name: name, differences: differences)
  }
}
