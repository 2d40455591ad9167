import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSONumerics
import RSOSearch

/// The part of a data set that a network is evaluated on.
package enum Split: String, Sendable, CaseIterable {
  case test, validation, train

  /// Returns the part of a data set.
  ///
  /// *Throws:* `RunError.noSamples` if there is none.
  package func part(of dataset: Dataset) throws(RunError) -> SampleSet {
    let part: SampleSet? =
      switch self {
      case .test: dataset.test
      case .validation: dataset.validation
      case .train: dataset.training
      }
    guard let part, part.count > 0 else { throw .noSamples(split: rawValue) }
    return part
  }
}

/// Evaluates a checkpoint's network.
package struct EvaluationRun: Sendable {
  /// The path that computes statistics and predictions: single precision, which every machine
  /// offers. A run computes them in single precision on every numeric path.
  private static let numericPath = NumericPath.f32.name

  private let checkpoint: Checkpoint
  private let recordsNames: Bool

  /// - Parameter recordsNames: True if the checkpoint names the classes of its data, unless they are 0, 1, 2 ...
  package init(_ checkpoint: Checkpoint, recordsNames: Bool = true) {
    self.checkpoint = checkpoint
    self.recordsNames = recordsNames
  }

  /// - Parameters:
  ///   - dataset: Any data with the network's shape and classes; it is normalised as the run's data
  ///     was. A checkpoint without batch-norm statistics (inside a cycle, or a mean) needs the run's
  ///     training set.
  ///   - batch: Samples that are evaluated together; it changes the memory that is used, and no
  ///     result.
  ///   - program: Computes the objective of a run whose loss is `program`. Without it, the report has the task's
  ///     default loss.
  package func evaluate(
    on dataset: Dataset, split: Split = .test, batch: Int = 1000,
    program: (any ObjectiveProgram)? = nil, makeEvaluator: EvaluatorFactory
  ) throws -> EvaluationReport {
    let plan = checkpoint.plan
    let set = try split.part(of: dataset)
    try checkBatch(batch)
    try plan.checkFit(shape: set.shape, outputs: set.outputs, task: set.targets.task)
    try checkNames(dataset.outputNames)
    let known = try checkpoint.knownStatistics()
    let needsStatistics = known == nil
    if needsStatistics { try checkTrainingSet(of: dataset) }
    let samples = Samples(try normalizable(set), normalization: plan.normalization)
    let evaluator = try makeEvaluator(
      plan.architecture,
      needsStatistics
        ? Samples(dataset.training, normalization: plan.normalization) : samples,
      checkpoint.state.parameters, Self.numericPath)
    let statistics = known ?? evaluator.trainingSetStatistics()
    let predictions = predictions(of: evaluator, for: samples, statistics, batch: batch)
    var objective = plan.objectiveWithoutProgram
    if let program {
      objective = plan.objective
      objective.program = program
    }
    let score = Score(predictions, set.targets, objective: objective)
    if let failure = program?.failure ?? evaluator.failure { throw failure }
    return EvaluationReport(
      cycle: checkpoint.state.cursor.cycle, targets: set.targets, score: score,
      loss: objective.loss, targetScales: plan.options.targetScales)
  }

  /// The network's outputs for samples whose targets are not known.
  ///
  /// *Shape:* samples x outputs.
  ///
  /// - Parameters:
  ///   - samples: Of `shape`; they are normalised as the run's data was.
  ///   - statistics: The batch-norm statistics of the network.
  package func outputs(
    for samples: SampleStorage, shape: ImageShape, statistics: NormalizationStatistics,
    batch: Int = 1000, makeEvaluator: EvaluatorFactory
  ) throws -> [Float] {
    let plan = checkpoint.plan
    try checkBatch(batch)
    try plan.checkFit(
      shape: shape, outputs: plan.data.outputs, task: plan.data.learningTask)
    guard samples.count > 0 else { throw RunError.noSamples(split: "prediction") }
    let set = SampleSet(
      shape: shape, outputs: plan.data.outputs, samples: samples,
      targets: Self.noTargets(samples.count / shape.count, plan.data), sha256: "")
    let normalized = Samples(try normalizable(set), normalization: plan.normalization)
    let evaluator = try makeEvaluator(
      plan.architecture, normalized, checkpoint.state.parameters, Self.numericPath)
    return predictions(of: evaluator, for: normalized, statistics, batch: batch).logits
  }

  private func predictions(
    of evaluator: any Evaluator, for samples: Samples, _ statistics: NormalizationStatistics,
    batch: Int
  ) -> Predictions {
    let outputs = checkpoint.plan.architecture.classes
    var logits: [Float] = []
    logits.reserveCapacity(samples.count * outputs)
    for start in stride(from: 0, to: samples.count, by: batch) {
      let part = samples[start..<min(start + batch, samples.count)]
      logits += evaluator.predictions(for: part, statistics: statistics).logits
    }
    return Predictions(logits: logits, classes: outputs)
  }

  /// Targets in place of those that are not known. No prediction depends on them.
  private static func noTargets(_ count: Int, _ data: DataIdentity) -> Targets {
    switch data.learningTask {
    case .classification: .classes([UInt16](repeating: 0, count: count))
    case .multiLabel:
      .labels([UInt8](repeating: 0, count: count * data.outputs), count: data.outputs)
    case .regression:
      .numbers([Float](repeating: 0, count: count * data.outputs), count: data.outputs)
    }
  }

  /// Returns the samples in the kind of numbers that the run's normalisation is for. Bytes and other
  /// numbers have different scales, so only bytes can become numbers, not the other way.
  ///
  /// *Throws:* `SearchError.dataMismatch`.
  private func normalizable(_ set: SampleSet) throws(SearchError) -> SampleSet {
    let expected = checkpoint.plan.data.elements ?? .bytes
    guard set.samples.kind != expected else { return set }
    guard case .bytes(let bytes) = set.samples else {
      throw .dataMismatch(
        what: "kind of numbers", architecture: expected.rawValue, data: set.samples.kind.rawValue)
    }
    var set = set
    set.samples = .floats(bytes.map { Float($0) })
    return set
  }

  /// The batch-norm statistics of the checkpoint's network, computed from its run's training set.
  package func statistics(
    on dataset: Dataset, makeEvaluator: EvaluatorFactory
  ) throws -> NormalizationStatistics {
    try checkTrainingSet(of: dataset)
    let plan = checkpoint.plan
    let evaluator = try makeEvaluator(
      plan.architecture, Samples(dataset.training, normalization: plan.normalization),
      checkpoint.state.parameters, Self.numericPath)
    return evaluator.trainingSetStatistics()
  }

  private func checkTrainingSet(of dataset: Dataset) throws {
    let data = checkpoint.plan.data
    guard dataset.training.sha256 == data.trainingSHA256 else {
      throw RunError.statisticsNeedTrainingSet(
        name: data.name,
        found: dataset.name == data.name ? "what is given" : "'\(dataset.name)'")
    }
  }

  /// Classes are numbered in the order of their names, so other names mean other classes. Classes without names
  /// are called 0, 1, 2 ...; labels and numbers without names may be any.
  private func checkNames(_ names: [String]) throws(SearchError) {
    let data = checkpoint.plan.data
    let numbers = (0..<data.outputs).map { "\($0)" }
    let isNamed = data.learningTask == .classification && recordsNames
    let expected = data.outputNames ?? (isNamed ? numbers : [])
    let names = names.isEmpty && isNamed ? numbers : names
    guard !expected.isEmpty, !names.isEmpty, names != expected else { return }
    throw .dataMismatch(
      what: "list of \(data.outputsNoun)", architecture: expected.joined(separator: ", "),
      data: names.joined(separator: ", "))
  }

  private func checkBatch(_ batch: Int) throws(RunError) {
    guard batch < 1 else { return }
    throw .invalidOption(name: "batch", value: "\(batch)", expected: "at least 1")
  }
}
