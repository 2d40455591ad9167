import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns

/// `rso eval`: measures a trained network.
package struct EvalCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso eval",
    abstract: "Measure a trained network.",
    discussion: """
      Evaluates a network on samples whose answers are known. Prints the accuracy with its 95 % \
      interval, the loss, more figures for all classes and for each class, and which classes are \
      confused. For several labels per sample and for numbers, prints the figures of those tasks.
      """,
    version: Version.current)

  @Argument(
    help:
      "A checkpoint; a run directory, for its last.h5; RUN@best; or RUN@40, the state after cycle 40.",
    completion: .run)
  var path: String

  @OptionGroup var averageOption: AverageOption
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var dataRequestOptions: DataRequestOptions
  @OptionGroup var samplesOptions: EvaluatedSamplesOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "Write the correct answer, prediction, probabilities and logits of each sample.",
      valueName: "file.csv"),
    completion: .file())
  var predictions: String?

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not report progress.")
  var quiet = false

  package init() {}

  package func validate() throws {
    if json, csv { throw ValidationError("--json and --csv exclude each other; give one of them") }
    if predictions == "-" {
      throw ValidationError(
        "invalid predictions '-': expected a file; standard output is for the answer")
    }
  }

  package func run() throws {
    let evaluated = try EvaluatedNetwork(
      path, average: averageOption, data: dataOptions, request: dataRequestOptions.request,
      samples: samplesOptions, threads: threads, say: { if !quiet { StandardStreams.say($0) } },
      warn: Self.warn)
    if let predictions {
      let file = try TextOutput(path: predictions)
      try file.empty()
      try file.write(evaluated.predictions.csv)
    }
    let summary = EvaluationSummary(
      evaluated, try evaluated.figures(pool: WorkerPool(threads: threads.count)))
    try answer(csv ? summary.csv : json ? JSONText.encode(summary.json) : summary.text)
  }
}
