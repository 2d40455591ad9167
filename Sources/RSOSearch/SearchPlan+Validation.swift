import RSODatasets
import RSONetworks
import RSONumerics

extension SearchPlan {
  /// Checks that a search can follow the plan.
  ///
  /// *Throws:* `SearchError` or `ArchitectureError` for the first thing that is wrong.
  package func validate() throws {
    let layout = try architecture.layout()
    guard layout.parameterCount > 0 else {
      throw SearchError.invalidOption(
        name: "architecture", value: architecture.name, expected: "a network with parameters")
    }
    try checkFit(shape: data.shape, outputs: data.outputs, task: data.learningTask)
    try validateNormalization()
    try validate(data.trainingCount, least: 1, "number of training samples")
    try validate(data.validationCount ?? 1, least: 1, "number of validation samples")
    try validate(data.testCount, least: 0, "number of test samples")
    guard options.loss.suits(data.learningTask) else {
      throw SearchError.unsuitedLoss(options.loss, data.learningTask)
    }
    let (weights, scales) = (options.classWeights, options.targetScales)
    if !weights.isNone {
      try requireOnePerOutput(
        weights.weights, of: .classification, "class-weights", "\(weights)",
        nouns: ("class", "classes"))
    }
    if !scales.isNone {
      try requireOnePerOutput(
        scales.scales, of: .regression, "target-scales", "\(scales)",
        nouns: ("number to predict", "numbers to predict"))
    }
    let costs = options.costMatrix.rows
    guard costs.isEmpty || options.loss != .cost || costs.count == data.outputs else {
      throw SearchError.invalidOption(
        name: "cost-matrix", value: "\(options.costMatrix)",
        expected: "\(data.outputs) rows, one for each class")
    }
    guard options.loss != .topK || options.topK < data.outputs else {
      throw SearchError.invalidOption(
        name: "top-k", value: "\(options.topK)",
        expected: "fewer than the \(data.outputs) classes, or every answer is right")
    }
    try options.validate(
      OptionLimits(
        samples: data.trainingCount, shape: data.shape, layers: layout.layers.map(\.name)))
    try validateCases()
  }

  /// Checks that a new search can follow the plan. Plans of earlier versions may break the rules that are added here,
  /// and are still carried out.
  ///
  /// *Throws:* `SearchError` or `ArchitectureError` for the first thing that is wrong.
  package func validateAsNew() throws {
    try validate()
    guard options.tieBreak == .none || data.learningTask != .regression else {
      throw SearchError.invalidOption(
        name: "tie-break", value: options.tieBreak.rawValue,
        expected: "none, because numbers have no cross entropy")
    }
  }

  /// Checks that blocks of parameters are evaluated on cases by the program that names the objective, and a network
  /// on data.
  private func validateCases() throws {
    guard !architecture.blocks.isEmpty || data.areCases == true else { return }
    guard !architecture.blocks.isEmpty, data.areCases == true, options.objectiveCommand.name != nil,
      data == DataIdentity(cases: data.trainingCount, of: data.name), options.augment.changesNothing
    else {
      throw SearchError.invalidOption(
        name: "architecture", value: architecture.name,
        expected: "a network with data, or parameters with cases and an objective of a program")
    }
  }

  /// Checks that the network fits samples.
  ///
  /// - Parameters:
  ///   - outputs: The number of classes, labels or numbers of a sample.
  ///
  /// *Throws:* `SearchError.dataMismatch`.
  package func checkFit(
    shape: ImageShape, outputs: Int, task: LearningTask
  ) throws(SearchError) {
    func require(_ expected: String, _ found: String, _ what: String) throws(SearchError) {
      guard expected == found else {
        throw .dataMismatch(what: what, architecture: expected, data: found)
      }
    }
    try require("\(architecture.input)", "\(shape)", "sample shape")
    try require(data.learningTask.rawValue, task.rawValue, "task")
    try require("\(architecture.classes)", "\(outputs)", "number of \(data.outputsNoun)")
  }

  /// Checks that an option of one task has a number for each output.
  private func requireOnePerOutput(
    _ numbers: [Double], of task: LearningTask, _ name: String, _ value: String,
    nouns: (one: String, several: String)
  ) throws(SearchError) {
    guard data.learningTask == task else {
      throw .invalidOption(
        name: name, value: value, expected: "none, for data without \(nouns.several)")
    }
    guard numbers.count == data.outputs else {
      throw .invalidOption(
        name: name, value: value,
        expected: data.outputs == 1
          ? "one number" : "\(data.outputs) numbers, one for each \(nouns.one)")
    }
  }

  /// Samples are counted by 32-bit indices.
  private func validate(_ count: Int, least: Int, _ name: String) throws {
    let possible = least...Int(Int32.max)
    guard possible.contains(count) else {
      throw SearchError.invalidOption(
        name: name, value: "\(count)", expected: "\(least) to \(possible.upperBound)")
    }
  }

  private func validateNormalization() throws {
    let channels = data.shape.channels
    guard normalization.mean.count == channels, normalization.standardDeviation.count == channels,
      normalization.mean.allSatisfy(\.isFinite),
      normalization.standardDeviation.allSatisfy({ $0.isFinite && $0 >= 0 })
    else { throw SearchError.unusableNormalization(channels: channels) }
  }
}
