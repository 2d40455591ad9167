import ArgumentParser
import RSODatasets
import RSONetworks
import RSORuns
import RSOSystem
import RSOTensorFiles

/// `rso predict`: predicts the classes, labels or numbers of samples.
package struct PredictCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso predict",
    abstract: "Predict the classes, labels or numbers of samples.",
    discussion: """
      Evaluates a network on samples whose answers are not known, and writes a row for each: the class \
      with its probability and those of all others, each label with its probability, or the numbers. \
      Answers are ignored. Of data with a training and a test set, the test set is taken.
      """,
    version: Version.current)

  @Argument(
    help:
      "A checkpoint; a run directory, for its last.h5; RUN@best; or RUN@40, the state after cycle 40.",
    completion: .run)
  var path: String

  @OptionGroup var averageOption: AverageOption

  @Option(
    help: ArgumentHelp(
      "The samples: a file or directory that 'rso train --data' reads, with or without answers.",
      valueName: "data"),
    completion: .file())
  var data: String

  @OptionGroup var samplesForm: SamplesFormOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The file to write: .csv or .npz; '-' writes CSV to standard output.", valueName: "file"),
    completion: .file())
  var output: String

  @Flag(help: "Replace an existing file.")
  var force = false

  @OptionGroup var batchOption: BatchOption
  @OptionGroup var threads: ThreadOptions

  @Flag(name: .shortAndLong, help: "Do not report progress.")
  var quiet = false

  package init() {}

  private var isNPZ: Bool { Path.fileExtension(of: output).lowercased() == "npz" }

  package func validate() throws {
    guard output == "-" || isNPZ || Path.fileExtension(of: output).lowercased() == "csv" else {
      throw ValidationError(
        "invalid output '\(printable(output))': expected a name that ends in .csv or .npz, or '-'")
    }
  }

  package func run() throws {
    let target = OutputFile(path: output, replaces: force)
    try target.check()
    let network = try ChosenNetwork(path, meanOfLast: averageOption.average, choosing: .last)
    Self.warn(network.warnings)
    let plan = network.checkpoint.plan
    try plan.architecture.requireNetwork()
    var request = samplesForm.request(like: network.checkpoint.provenance.dataRequest)
    request.features = plan.architecture.input.count
    let samples = try DatasetSource.standard.samples(data, request: request)
    let outputs = try EvaluationRun(network.checkpoint).outputs(
      for: samples.storage, shape: samples.shape, statistics: try statistics(of: network),
      batch: batchOption.batch, makeEvaluator: Evaluators.factory(threads: threads.count))
    let file = PredictionsFile(
      task: plan.data.learningTask,
      names: (0..<plan.architecture.classes).map(plan.data.outputName), outputs: outputs)
    try write(isNPZ ? try file.npz() : Array(file.csv.utf8), to: target)
    guard !quiet, !target.isStandardOutput else { return }
    StandardStreams.say(
      "wrote predictions of \(Numbers.count(outputs.count / plan.architecture.classes, "sample")) by "
        + "\(plan.architecture.name) of \(quotedPath(network.path)) to \(quotedPath(output))")
  }

  /// The batch-norm statistics of the checkpoint; if they are missing, they are computed from the run's
  /// training set.
  private func statistics(of network: ChosenNetwork) throws -> NormalizationStatistics {
    let checkpoint = network.checkpoint
    if let statistics = try checkpoint.knownStatistics() { return statistics }
    if !quiet { StandardStreams.say(network.lackOfStatistics) }
    return try EvaluationRun(checkpoint).statistics(
      on: DatasetSource.standard.load(
        matching: checkpoint.plan.data, from: nil,
        recorded: RunData.paths(of: checkpoint.provenance, near: network.path),
        request: checkpoint.provenance.dataRequest),
      makeEvaluator: Evaluators.factory(threads: threads.count))
  }
}

/// The options for reading samples without answers, where their form leaves a choice.
struct SamplesFormOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Array with the samples, in files with named arrays.", valueName: "key"))
  var inputs: String?

  @Option(
    help: ArgumentHelp(
      "Place of the channels: nchw (before height and width) or nhwc (after). (default: as the shape "
        + "says)",
      valueName: "order"))
  var layout: DataRequest.Layout?

  @Flag(help: "Exchange height and width, as EMNIST's files need it.")
  var transpose = false

  /// The choices; those that were not made are as the run's data was read.
  func request(like recorded: DataRequest) -> DataRequest {
    var request = DataRequest()
    request.inputs = inputs ?? recorded.inputs
    request.layout = layout ?? recorded.layout
    request.transpose = transpose ? true : recorded.transpose
    (request.label, request.labels, request.task) = (
      recorded.label, recorded.labels, recorded.task
    )
    request.countsFromZero = recorded.countsFromZero
    request.columns = recorded.columns
    return request
  }
}
