import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch

/// `rso import`: another tool's weights as a checkpoint.
package struct ImportCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso import",
    abstract: "Make a checkpoint of another tool's weights.",
    discussion: """
      Takes the weights of a safetensors, npz or ONNX file, named as 'rso export' names them, for \
      the beginning of a run: the checkpoint can be evaluated, exported and trained from. Tensors \
      that do not fit the network are all named.
      """,
    version: Version.current)

  @Argument(help: "A file of weights, a run directory, or RUN@40.", completion: .file())
  var file: String

  @OptionGroup var network: NetworkOptions
  @OptionGroup var dataOptions: DataOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The checkpoint to write.", valueName: "checkpoint"))
  var output: String

  @Flag(help: "Replace a file that exists.")
  var force = false

  @Flag(name: .shortAndLong, help: "Say nothing.")
  var quiet = false

  package init() {}

  package func run() throws {
    let target = OutputFile(path: output, replaces: force)
    try target.check()
    let weights = try WeightsFile(file, architecture: network.architecture())
    let dataset = try dataOptions.source.load(
      dataOptions.data, for: weights.architecture.input, classes: weights.architecture.classes)
    var options = SearchOptions()
    options.batchSize = options.defaultBatchSize(samples: dataset.training.count)
    let plan = SearchPlan(
      architecture: weights.architecture, options: options, seed: 0, data: dataset.identity,
      normalization: weights.content.normalization ?? Normalization(of: dataset.training),
      numericPath: NumericPath.f32.rawValue, initialParameters: weights.identity)
    let checkpoint = try Checkpoint.initial(
      plan: plan, environment: Evaluators.environment(numericPath: plan.numericPath),
      date: RunClock.system.date(), parameters: weights.content.parameters,
      statistics: weights.content.statistics)
    try target.write(try CheckpointWriter.encode(checkpoint))
    guard !quiet else { return }
    StandardStreams.say(
      "wrote \(weights.architecture.name) of '\(file)', "
        + "\(Numbers.grouped(weights.content.parameters.count)) parameters"
        + (weights.content.statistics == nil ? " without batch-norm statistics" : "")
        + ", to '\(output)'")
  }
}
