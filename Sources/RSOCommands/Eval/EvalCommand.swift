import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns

extension Split: ExpressibleByArgument {}

/// `rso eval`: measures a trained network.
package struct EvalCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso eval",
    abstract: "Measure a trained network.",
    discussion: """
      Classifies the images of a data set. Prints the accuracy, the loss, the recall and precision of \
      each class, and the confusion matrix.
      """,
    version: Version.current)

  @Argument(
    help:
      "A checkpoint; a run directory, for its last.h5; or RUN@40, for the state after cycle 40.",
    completion: .file())
  var path: String

  @OptionGroup var averageOption: AverageOption
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup(title: OptionTitle.data) var dataRequestOptions: DataRequestOptions

  @Option(help: ArgumentHelp("The part of the data set to classify.", valueName: "split"))
  var split = Split.test

  @Option(
    help: ArgumentHelp(
      "The number of images classified at a time. Fewer need less memory; the result is the same.",
      valueName: "n"), transform: OptionText.whole(1...Int.max))
  var batch = 1000

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Write label, prediction, probabilities and logits of each image.", valueName: "file.csv"))
  var predictions: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not report progress.")
  var quiet = false

  package init() {}

  package func validate() throws {
    if predictions == "-" {
      throw ValidationError(
        "invalid predictions '-': expected a file; standard output is for the answer")
    }
  }

  package func run() throws {
    let network = try ChosenNetwork(path, meanOfLast: averageOption.average, choosing: .last)
    Self.warn(network.warnings)
    let plan = network.checkpoint.plan
    let dataset =
      try dataOptions.data.map {
        try dataOptions.source.load(
          $0, classes: plan.architecture.classes, request: dataRequestOptions.request)
      }
      ?? dataOptions.load(
        for: plan.data, of: network.checkpoint.provenance, near: network.path)
    if !quiet, network.checkpoint.statistics == nil {
      StandardStreams.say(network.lackOfStatistics)
    }
    let result = try EvaluationRun(network.checkpoint).evaluate(
      on: dataset, split: split, batch: batch,
      makeEvaluator: Evaluators.factory(threads: threads.count))
    if let predictions { try PredictionsFile.write(result, to: predictions) }
    let report = EvaluationSummary(result, split: split, of: network)
    try answer(json ? try JSONText.encode(report) : report.text)
  }
}
