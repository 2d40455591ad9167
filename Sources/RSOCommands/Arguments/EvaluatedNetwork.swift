import RSODatasets
import RSONetworks
import RSORuns

/// A network and its answers for a part of a data set.
struct EvaluatedNetwork {
  let network: ChosenNetwork
  let dataset: Dataset
  let split: Split
  /// The name of the part; `all` where other data than the run's have no parts.
  let splitName: String
  let report: EvaluationReport

  /// Finds a network and its data, and evaluates it.
  ///
  /// - Parameters:
  ///   - argument: What names the network, as in `ChosenNetwork`.
  ///   - request: How the user asks to read the data.
  ///   - say: Gets a line about a long computation.
  ///   - warn: Gets lines about files that were skipped.
  ///
  /// *Throws:* `ArchitectureError.noNetwork`; the errors of `ChosenNetwork`, `DataOptions` and `EvaluationRun`.
  init(
    _ argument: String, average: AverageOption, data: DataOptions, request: DataRequest,
    samples: EvaluatedSamplesOptions, threads: ThreadOptions, say: (String) -> Void,
    warn: ([String]) -> Void
  ) throws {
    network = try ChosenNetwork(argument, meanOfLast: average.average, choosing: .last)
    warn(network.warnings)
    try network.checkpoint.plan.architecture.requireNetwork()
    dataset = try data.load(for: network, request: request)
    let isUndivided = data.data != nil && dataset.test == nil && dataset.validation == nil
    let isOwn = dataset.identity.trainingSHA256 == network.checkpoint.plan.data.trainingSHA256
    split = samples.split ?? (isUndivided ? .train : .test)
    splitName = samples.split == nil && isUndivided && !isOwn ? "all" : split.rawValue
    if try network.checkpoint.knownStatistics() == nil { say(network.lackOfStatistics) }
    report = try EvaluationRun(network.checkpoint, recordsNames: network.recordsNames).evaluate(
      on: dataset, split: split, batch: samples.batch,
      makeEvaluator: Evaluators.factory(threads: threads.count))
  }

  /// True if the network was chosen among others on these samples, so that its figures are too good.
  var isChosenOnSamples: Bool {
    switch network.criterion {
    case .testAccuracy: split == .test
    case .validationAccuracy, .validationLoss: split == .validation
    case .trainingLoss, nil: false
    }
  }

  /// The names of the network's outputs.
  var names: [String] {
    let plan = network.checkpoint.plan
    return (0..<plan.architecture.classes).map(plan.data.outputName)
  }

  /// *Throws:* `RunError.noSamples`.
  func figures(pool: WorkerPool) throws -> EvaluationFigures {
    guard let figures = EvaluationFigures(report, names: names, pool: pool) else {
      throw RunError.noSamples(split: split.rawValue)
    }
    return figures
  }

  var predictions: PredictionsFile {
    PredictionsFile(
      task: report.targets.task, names: names, outputs: report.outputs, targets: report.targets)
  }
}
