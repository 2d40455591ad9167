import ArgumentParser
import Foundation
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
      Classifies the images of a data set, and prints accuracy, loss, the figures of each class and \
      the confusion matrix.
      """,
    version: Version.current)

  @Argument(help: "A checkpoint, a run directory (its last.h5), or RUN@40.", completion: .file())
  var path: String

  @OptionGroup var averageOption: AverageOption
  @OptionGroup var dataOptions: DataOptions

  @Option(
    help: ArgumentHelp("The part of the data set to classify.", valueName: "split"))
  var split = Split.test

  @Option(
    help: ArgumentHelp(
      "Images classified at a time; decides only how much memory is needed.", valueName: "n"))
  var batch = 1000

  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Write label, answer, probabilities and logits of each image.", valueName: "file.csv"))
  var predictions: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Say nothing but the answer.")
  var quiet = false

  package init() {}

  package func validate() throws {
    if predictions == "-" {
      throw ValidationError("--predictions: expected a file; standard output has the answer")
    }
    if batch < 1 { throw ValidationError("--batch \(batch): expected 1 or more") }
  }

  package func run() throws {
    let network = try network()
    let plan = network.checkpoint.plan
    let dataset =
      try dataOptions.data.map {
        try dataOptions.source.load($0, classes: plan.architecture.classes)
      }
      ?? dataOptions.load(
        for: plan.data, of: network.checkpoint.provenance, near: network.path)
    if !quiet, network.checkpoint.statistics == nil {
      StandardStreams.say(network.lackOfStatistics)
    }
    let report = try EvaluationRun(network.checkpoint).evaluate(
      on: dataset, split: split, batch: batch,
      makeEvaluator: Evaluators.factory(threads: threads.count))
    if let predictions { try PredictionsFile.write(report, to: predictions) }
    let result = EvaluationAnswer(report, split: split, of: network)
    try answer(json ? try JSONText.encode(result) : result.text)
  }

  /// Of a run directory its `last.h5`, or else the newest checkpoint that is good, aloud.
  private func network() throws -> JudgedNetwork {
    if let count = averageOption.average { return try JudgedNetwork(meanOfLast: count, run: path) }
    guard CheckpointArgument.isDirectory(path) else {
      let file = try CheckpointArgument.file(path)
      return try JudgedNetwork(path: file, CheckpointReader.read(file))
    }
    let paths = RunPaths(directory: path)
    if let last = try? CheckpointReader.read(paths.last) {
      return try JudgedNetwork(path: paths.last, last)
    }
    let source = try ResumeSource(path: path, inPlace: false)
    for checkpoint in source.unreadable {
      StandardStreams.say("rso-eval: warning: \(checkpoint.reason)")
    }
    StandardStreams.say(
      "rso-eval: warning: measuring '\(source.checkpoint)', \(try source.place())")
    return try JudgedNetwork(path: source.checkpoint, source.stored)
  }
}
