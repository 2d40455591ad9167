import RSONetworks
import RSONumerics
import RSOSearch

/// The options of a command line that belong to the plan. An option that was not given is nil or
/// missing.
struct PlanRequest {
  let network: NetworkOptions
  /// The texts of options, by the names of `SearchOption.all`.
  let texts: [String: String]
  let seed: UInt64?
  let precision: Precision?

  init(
    _ trained: TrainedOptions, length: [String: String], changes: ChangeOptions,
    knobs: KnobOptions
  ) {
    network = trained.network
    seed = trained.seedOption.seed
    precision = knobs.arithmetic.precision
    texts = [
      trained.listed.texts, length, changes.judging.texts, changes.drawing.texts,
      knobs.listed.texts,
    ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  /// The number of cycles asked for.
  var cycles: Int? { texts["cycles"].flatMap { Int($0) } }

  /// True if the options are chosen to fit the data: the network is no preset, and no option says how
  /// changes are judged or drawn.
  var fitsData: Bool {
    network.arch != nil
      && !SearchOption.all.contains {
        texts[$0.name] != nil && $0.group != .length
          && ($0.group != .network || $0.name == "weights")
      }
  }

  /// The options of a new run on a training set of `samples`. The default loss is that of the task.
  ///
  /// - Parameter fitted: The options that fit the data; nil for the defaults of the paper.
  func options(samples: Int, task: LearningTask, fitted: FittedOptions?) -> SearchOptions {
    var options: SearchOptions
    if let recipe = network.recipe {
      options = texts.applied(to: recipe.options)
    } else {
      options = SearchOptions()
      options.loss = .standard(for: task)
      options = texts.applied(to: fitted?.applied(to: options) ?? options)
      if fitted == nil, texts["batch-size"] == nil {
        options.batchSize = options.defaultBatchSize(samples: samples)
      }
    }
    takeDigests(in: &options)
    return options
  }

  /// Takes the digests of the files that `--objective` names.
  private func takeDigests(in options: inout SearchOptions) {
    guard texts["objective"] != nil else { return }
    options.objectiveCommand = options.objectiveCommand.withDigests
  }

  /// Returns the settings that were asked for and differ from `plan`. The number of cycles is not
  /// compared, because a run may be extended.
  func differences(from plan: SearchPlan) throws -> [PlanDifference] {
    var asked = plan
    if let architecture = try network.architecture() { asked.architecture = architecture }
    asked.options = texts.applied(to: network.recipe?.options ?? plan.options)
    takeDigests(in: &asked.options)
    if texts["objective"] == nil {
      asked.options.objectiveCommand = plan.options.objectiveCommand
      if plan.options.loss == .program, texts["loss"] == nil { asked.options.loss = .program }
    }
    for option in SearchOption.all where option.group == .length && option.name != "patience" {
      _ = option.set(option.text(in: plan.options), in: &asked.options)
    }
    if let seed { asked.seed = seed }
    let paths = Backends.standard.knownPaths
    let planned = paths.first { $0.name == plan.numericPath }?.precision
    if let precision, precision != planned {
      asked.numericPath = paths.first { $0.precision == precision }?.name ?? precision.name
    }
    return asked.differences(from: plan)
  }
}
