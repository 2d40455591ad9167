import ArgumentParser
import RSODatasets
import RSONetworks
import RSORuns

/// `rso compare`: compares trained networks on the same samples.
package struct CompareCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso compare",
    abstract: "Compare trained networks on the same samples.",
    discussion: """
      Prints a row for each network: its accuracy with a 95 % interval, and its difference from the \
      first one with the interval of a paired bootstrap and McNemar's exact test. Runs that differ only \
      in their seeds are also shown together, with mean and deviation. The directory of a sweep means \
      all its runs that have begun.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp(
      "Run directories, for their last.h5; checkpoints; RUN@best; or RUN@40, the state after cycle 40.",
      valueName: "run"),
    completion: .run)
  var runs: [String]

  @OptionGroup var averageOption: AverageOption
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var dataRequestOptions: DataRequestOptions
  @OptionGroup var samplesOptions: EvaluatedSamplesOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not report progress.")
  var quiet = false

  package init() {}

  package func validate() throws {
    if json, csv { throw ValidationError("--json and --csv exclude each other; give one of them") }
  }

  package func run() throws {
    let names = try runs.flatMap { try SweepHistory.directories(in: $0) ?? [$0] }
    guard let firstName = names.first else { throw CommandError.nothingBegun(sweep: runs[0]) }
    let pool = WorkerPool(threads: threads.count)
    let first = try evaluate(firstName)
    var rows = [try row(firstName, first, pool: pool)]
    for name in names.dropFirst() {
      let other = try evaluate(name)
      try requireSameSamples(first, other, name)
      rows.append(
        try row(
          name, other, PairedComparison(first.report, other.report, pool: pool), pool: pool))
    }
    let report = ComparisonReport(
      rows, data: first.dataset.name, split: first.splitName, samples: first.report.samples)
    try answer(csv ? report.csv : json ? JSONText.encode(report.json) : report.text)
  }

  private func evaluate(_ name: String) throws -> EvaluatedNetwork {
    try EvaluatedNetwork(
      name, average: averageOption, data: dataOptions, request: dataRequestOptions.request,
      samples: samplesOptions, threads: threads, say: { if !quiet { StandardStreams.say($0) } },
      warn: Self.warn)
  }

  private func row(
    _ name: String, _ evaluated: EvaluatedNetwork, _ comparison: PairedComparison? = nil,
    pool: WorkerPool
  ) throws -> ComparedRun {
    let network = evaluated.network
    let figures = try evaluated.figures(pool: pool)
    guard let figure = figures.overall.first else {
      throw RunError.noSamples(split: evaluated.split.rawValue)
    }
    return ComparedRun(
      name: name, plan: network.checkpoint.plan, cycle: evaluated.report.cycle,
      steps: network.steps, averagedCycles: network.cycles, loss: evaluated.report.loss,
      figure: figure, isChosenOnSamples: evaluated.isChosenOnSamples, comparison: comparison)
  }

  /// *Throws:* `CommandError.differentSamples`.
  private func requireSameSamples(
    _ first: EvaluatedNetwork, _ other: EvaluatedNetwork, _ name: String
  ) throws {
    let sets = (try first.split.part(of: first.dataset), try other.split.part(of: other.dataset))
    // A table without a header has no name for its number to predict.
    let areNamed = ![first, other].contains {
      $0.dataset.task == .regression && $0.dataset.outputNames.isEmpty
    }
    let names = areNamed ? [first, other].map { $0.names.joined(separator: ", ") } : ["", ""]
    let facts = [
      ("task", "\(sets.0.targets.task.rawValue)", "\(sets.1.targets.task.rawValue)"),
      ("sample shape", "\(sets.0.shape)", "\(sets.1.shape)"),
      ("outputs", "\(sets.0.outputs)", "\(sets.1.outputs)"),
      ("samples", "\(sets.0.count)", "\(sets.1.count)"),
      ("names", names[0], names[1]),
      ("SHA-256", sets.0.sha256, sets.1.sha256),
    ]
    let differences = facts.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.2), expected \($0.1)" }
    guard !differences.isEmpty else { return }
    throw CommandError.differentSamples(
      run: name, of: runs[0], split: first.split.rawValue, differences)
  }
}
