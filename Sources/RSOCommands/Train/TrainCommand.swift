import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSONumerics
import RSORuns
import RSOSearch

/// `rso train`: begins a run.
package struct TrainCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso train",
    abstract: "Train a network from the beginning.",
    discussion: """
      Makes a run directory and searches the weights of a network in it, saving as it goes. An \
      interrupted run goes on with 'rso resume RUN'. Without --preset and --arch the network is \
      \(Architecture.presetNames[0]), or the one that the weights of --init are of.
      """,
    version: Version.current)

  @OptionGroup var trained: TrainedOptions
  @OptionGroup(title: OptionTitle.network) var dataOptions: DataOptions
  @OptionGroup(title: OptionTitle.network) var initOption: InitOption
  @OptionGroup(title: OptionTitle.length) var length: ListedOptions<LengthSection>
  @OptionGroup var changes: ChangeOptions
  @OptionGroup(title: OptionTitle.files) var outputOption: NewRunOption
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var knobs: KnobOptions

  package init() {}

  /// What the options ask of the plan.
  var request: PlanRequest {
    PlanRequest(trained, length: length.texts, changes: changes, knobs: knobs)
  }

  package func run() throws {
    let prepared = try prepared { try dataOptions.source.load($0, for: $1) }
    let (plan, dataset, weights) = (prepared.plan, prepared.dataset, prepared.weights)
    let architecture = plan.architecture
    let name = request.network.recipe?.name ?? architecture.name
    let run = outputOption.output ?? "runs/\(Self.fileName(name))-\(plan.seed)"
    let memory = try MemoryPlan(plan, threads: runOptions.threads.count)
    if runOptions.dryRun {
      try answer(
        PlanPreview.text(
          plan, try StageGraph(architecture), memory: memory.summary, run: run,
          retention: runOptions.settings.retention))
    }
    if let warning = try memory.check() { StandardStreams.say("rso-train: warning: \(warning)") }
    if runOptions.dryRun { return }
    let environment = try Evaluators.environment(numericPath: plan.numericPath)
    let log = try runOptions.passLog(cycle: 1)
    let directory = try createRun(at: run)
    try log?.begin()
    if !runOptions.quiet {
      StandardStreams.say(
        "training \(architecture.name) on \(dataset.name), seed \(plan.seed), in \(run)"
          + (weights.map { ", from the weights of '\($0.path)'" } ?? ""))
    }
    let checkpoint = try Checkpoint.initial(
      plan: plan, environment: environment, date: RunClock.system.date(),
      parameters: weights?.content.parameters)
    for layer in try checkpoint.unmovedLayers() {
      StandardStreams.say(
        "rso-train: warning: the weights of '\(layer)' are all equal at the start: proposals for "
          + "them have a deviation of 0, and change nothing")
    }
    let training = Training(
      run: run, options: runOptions, data: dataOptions.data, workers: memory.workers)
    let last = try training.run(from: checkpoint, on: dataset, in: directory, log: log)
    try training.summarize(last, of: run)
  }

  /// What is asked for, checked; nothing is begun.
  ///
  /// - Parameter load: Gives the data set of a value of `--data`, for images of a shape.
  func prepared(load: (String?, ImageShape) throws -> Dataset) throws -> PreparedTraining {
    let request = request
    let asked = try request.network.architecture()
    let weights = try initOption.file.map { try WeightsFile($0, architecture: asked) }
    let architecture =
      try weights?.architecture ?? asked ?? .preset(named: Architecture.presetNames[0])
    var dataset = try load(dataOptions.data, architecture.input)
    dataset.adoptClasses(architecture.classes)
    let plan = SearchPlan(
      architecture: architecture,
      options: request.options(samples: dataset.training.count),
      seed: request.seed ?? .random(in: 0...UInt64(UInt32.max)), data: dataset.identity,
      normalization: weights?.content.normalization ?? Normalization(of: dataset.training),
      numericPath: try NumericPath(request.precision ?? .f32).rawValue,
      initialParameters: weights?.identity)
    try plan.validate()
    return PreparedTraining(plan: plan, dataset: dataset, weights: weights)
  }

  /// A network's name as a part of a file's: an architecture may be called anything.
  private static func fileName(_ name: String) -> String {
    let plain = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
        ? character : "-"
    }
    return plain.isEmpty || plain.first == "." ? "network" : String(plain.prefix(100))
  }
}
