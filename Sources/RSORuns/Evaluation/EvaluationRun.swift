import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSOSearch

/// The part of a data set that a network is evaluated on.
package enum Split: String, Sendable, CaseIterable {
  case test, validation, train

  /// Returns the part of a data set.
  ///
  /// *Throws:* `RunError.noSamples` if there is none.
  func part(of dataset: Dataset) throws(RunError) -> SampleSet {
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

  package init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
  }

  /// - Parameters:
  ///   - dataset: Any data with the network's shape and classes; it is normalised as the run's data
  ///     was. A checkpoint without batch-norm statistics (inside a cycle, or a mean) needs the run's
  ///     training set.
  ///   - batch: Samples that are classified together; it changes the memory that is used, and no
  ///     result.
  package func evaluate(
    on dataset: Dataset, split: Split = .test, batch: Int = 1000,
    makeEvaluator: EvaluatorFactory
  ) throws -> EvaluationReport {
    let plan = checkpoint.plan
    let set = try split.part(of: dataset)
    try check(set, batch: batch)
    let needsStatistics = checkpoint.statistics == nil
    if needsStatistics { try checkTrainingSet(of: dataset) }
    let samples = Samples(set, normalization: plan.normalization)
    let evaluator = try makeEvaluator(
      plan.architecture,
      needsStatistics
        ? Samples(dataset.training, normalization: plan.normalization) : samples,
      checkpoint.state.parameters, Self.numericPath)
    let statistics = checkpoint.statistics ?? evaluator.trainingSetStatistics()

    var logits: [Float] = []
    logits.reserveCapacity(samples.count * plan.architecture.classes)
    for start in stride(from: 0, to: samples.count, by: batch) {
      let part = samples[start..<min(start + batch, samples.count)]
      logits += evaluator.predictions(for: part, statistics: statistics).logits
    }
    let predictions = Predictions(logits: logits, classes: plan.architecture.classes)
    return EvaluationReport(
      cycle: checkpoint.state.cursor.cycle, labels: set.labels,
      score: Score(predictions, set.targets, loss: plan.options.loss),
      loss: plan.options.loss, classes: plan.architecture.classes)
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

  private func check(_ set: SampleSet, batch: Int) throws {
    let architecture = checkpoint.plan.architecture
    guard batch >= 1 else {
      throw RunError.invalidOption(name: "batch", value: "\(batch)", expected: "at least 1")
    }
    guard set.shape == architecture.input else {
      throw RunError.unsuitableData(
        what: "shape", expected: "\(architecture.input)", found: "\(set.shape)")
    }
    guard set.outputs == architecture.classes else {
      throw RunError.unsuitableData(
        what: "number of classes", expected: "\(architecture.classes)", found: "\(set.outputs)")
    }
  }
}
