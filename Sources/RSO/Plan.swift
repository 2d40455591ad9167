import RSODatasets
import RSONetworks
import RSONumerics
import RSOSearch

/// Everything that decides a run before it starts. Two runs of one plan are equal, bit for bit.
///
/// Options have the names and texts of the command line, without the dashes: `["cycles": "5", "batch-size": "500"]`.
/// rso-train(1) describes them.
public struct Plan: Sendable, Hashable {
  let plan: SearchPlan
  /// The first parameters; nil if they are drawn from the seed.
  let parameters: [Float]?

  /// The training of a network.
  ///
  /// - Parameters:
  ///   - architecture: The network.
  ///   - dataset: The data that it is trained on.
  ///   - seed: Decides all random numbers.
  ///   - options: Nil to choose them from the numbers of samples and parameters, as `rso train --arch` does.
  ///   - objective: The objective of the program; nil for the option `loss`. See ``Objective``.
  ///
  /// - Throws: An error for an unknown option, a value that is out of range, options that contradict each other,
  ///   and a network that does not fit the data.
  public init(
    training architecture: Architecture, on dataset: Dataset, seed: UInt64 = 0,
    options: [String: String]? = nil, objective: (any Objective)? = nil
  ) throws {
    let training = dataset.content.training
    let graph = try StageGraph(architecture.network)
    var chosen = SearchOptions()
    chosen.loss = .standard(for: dataset.content.task)
    if let options {
      try Self.set(options, in: &chosen, samples: training.count)
    } else {
      chosen = FittedOptions(samples: training.count, graph: graph).applied(to: chosen)
    }
    if let objective {
      (chosen.loss, chosen.objectiveCommand) = (.program, ObjectiveCommand(named: objective.name))
    }
    chosen.fit(training.targets, classes: training.outputs, given: options ?? [:])
    parameters = TargetUnits.parameters(
      for: training.targets, layout: graph.layout, seed: seed)
    plan = SearchPlan(
      architecture: architecture.network, options: chosen, seed: seed,
      data: dataset.content.identity, normalization: Normalization(of: training),
      initialParameters: parameters.map { InitialParameters($0, from: TargetUnits.source) })
    try plan.validate()
  }

  /// The search for the parameters of a function at which it is least: a black box, such as a simulator.
  ///
  /// Defaults differ from those of a network in one option: `weight-decay` is 0.
  ///
  /// - Parameters:
  ///   - name: The name of the function. A checkpoint records it, and a run continues only with a function of the
  ///     same name.
  ///   - blocks: The parameters.
  ///   - cases: The number of cases on which the function can be evaluated, such as the initial states of a
  ///     simulation; 1 for a function of the parameters alone. The option `batch-size` says on how many of them a
  ///     step compares its candidates; the default is all, up to 5000.
  ///   - seed: Decides all random numbers.
  ///   - start: The first values of all parameters, block by block and row by row; nil to draw them from the seed.
  ///   - options: Options of the search and their values.
  ///
  /// - Throws: as above.
  public init(
    minimizing name: String, parameters blocks: [ParameterBlock], cases: Int = 1,
    seed: UInt64 = 0, start: [Float]? = nil, options: [String: String] = [:]
  ) throws {
    var chosen = SearchOptions()
    chosen.weightDecay = 0
    try Self.set(options, in: &chosen, samples: cases)
    (chosen.loss, chosen.objectiveCommand) = (.program, ObjectiveCommand(named: name))
    plan = SearchPlan(
      architecture: RSONetworks.Architecture(name: name, blocks: blocks.map(\.block)),
      options: chosen, seed: seed, data: DataIdentity(cases: cases, of: name),
      normalization: Normalization(mean: [0], standardDeviation: [1]),
      initialParameters: start.map { InitialParameters($0, from: name) })
    parameters = start
    try plan.validate()
  }

  /// The value of an option, as a text; nil if there is no such option.
  public subscript(option name: String) -> String? {
    SearchOption.named(name)?.text(in: plan.options)
  }

  /// The seed of all random numbers.
  public var seed: UInt64 { plan.seed }

  /// Sets the options with these texts. The loss and the size of minibatches follow from the others if they are not
  /// given.
  private static func set(
    _ texts: [String: String], in options: inout SearchOptions, samples: Int
  ) throws {
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      guard name != "objective" else {
        throw LibraryError("the option 'objective' names another program; give an Objective")
      }
      guard let option = SearchOption.named(name) else {
        throw LibraryError("unknown option '\(name)'; rso-train(1) lists them, without '--' here")
      }
      guard option.set(text, in: &options) else {
        throw SearchError.invalidOption(name: name, value: text, expected: option.form.expected)
      }
    }
    options.takeLoss(impliedBy: texts)
    if texts["batch-size"] == nil {
      options.batchSize = options.defaultBatchSize(samples: samples)
    }
  }
}
