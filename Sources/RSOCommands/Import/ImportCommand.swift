import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch
import RSOSystem

/// `rso import`: makes a checkpoint from another tool's weights.
package struct ImportCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso import",
    abstract: "Make a checkpoint from another tool's weights.",
    discussion: """
      Reads the weights of a safetensors, npz or ONNX file, with the names that 'rso export' gives \
      them. The checkpoint is the beginning of a run: it can be evaluated, exported and trained from. \
      If tensors do not fit the network, all of them are named, and nothing is written.
      """,
    version: Version.current)

  @Argument(
    help: "A file of weights, a checkpoint, a run directory, or RUN@40.", completion: .run)
  var file: String

  @OptionGroup var network: NetworkOptions
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup(title: OptionTitle.data) var dataRequestOptions: DataRequestOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The checkpoint to write.", valueName: "checkpoint"),
    completion: .file())
  var output: String

  @Flag(help: "Replace an existing file.")
  var force = false

  @Flag(name: .shortAndLong, help: "Do not report what was written.")
  var quiet = false

  package init() {}

  package func run() throws {
    let target = OutputFile(path: output, replaces: force)
    try target.check()
    let weights = try WeightsFile(file, architecture: network.architecture())
    Self.warn(weights.warnings)
    let dataset = try dataOptions.source.load(
      dataOptions.data, for: weights.architecture.input,
      classes: weights.architecture.classes, request: dataRequestOptions.request)
    var checkpoint = try checkpoint(weights, for: dataset)
    checkpoint.provenance.dataPlace = RunData.place(of: dataset, run: Path.parent(of: output))
    checkpoint.provenance.dataRequest = dataset.request
    try write(try CheckpointWriter.encode(checkpoint), to: target)
    guard !quiet else { return }
    StandardStreams.say(
      "wrote \(weights.architecture.name) of \(quotedPath(file)), "
        + "\(Numbers.grouped(weights.content.parameters.count)) parameters"
        + (weights.content.statistics == nil ? " without batch-norm statistics" : "")
        + ", to \(quotedPath(output))")
  }

  private func checkpoint(_ weights: WeightsFile, for dataset: Dataset) throws -> Checkpoint {
    var options = SearchOptions()
    options.loss = .standard(for: dataset.identity.learningTask)
    options.fit(dataset.training.targets, classes: dataset.training.outputs, given: [:])
    options.batchSize = options.defaultBatchSize(samples: dataset.training.count)
    let plan = SearchPlan(
      architecture: weights.architecture, options: options, seed: 0, data: dataset.identity,
      normalization: weights.content.normalization ?? Normalization(of: dataset.training),
      numericPath: NumericPath.f32.name, initialParameters: weights.identity)
    return try .initial(
      plan: plan, environment: Evaluators.environment(numericPath: plan.numericPath),
      date: RunClock.system.date(), parameters: weights.content.parameters,
      statistics: weights.content.statistics)
  }
}
