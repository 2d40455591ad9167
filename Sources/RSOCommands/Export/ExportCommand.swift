import ArgumentParser
import Foundation
import RSOCheckpoints
import RSODatasets
import RSOExporters
import RSONetworks
import RSORuns

extension ExportFormat: ExpressibleByArgument {}

/// `rso export`: a trained network as another tool's file.
package struct ExportCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso export",
    abstract: "Write a trained network for other tools.",
    discussion: """
      Writes the network of a checkpoint, with the names and layouts that its tensors have in \
      PyTorch. The format is the one that FILE ends in: safetensors, npz, onnx, csv (a number a \
      row), json (the architecture alone) or h5 (the weights without their training).
      """,
    version: Version.current)

  @Argument(
    help: "A checkpoint, a run directory (its newest good checkpoint), or RUN@40.",
    completion: .file())
  var path: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Where to write; '-' is standard output.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("The format, where the file's name does not tell it.", valueName: "format"))
  var format: ExportFormat?

  @Flag(help: "ONNX: let the graph take bytes of images, and normalise them itself.")
  var includeNormalization = false

  @Option(
    help: ArgumentHelp(
      "safetensors: write a Python module as well, which defines the network in PyTorch and loads "
        + "the file.", valueName: "file.py"))
  var emitPytorch: String?

  @OptionGroup var averageOption: AverageOption
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Replace a file that exists.")
  var force = false

  @Flag(name: .shortAndLong, help: "Say nothing.")
  var quiet = false

  package init() {}

  package func validate() throws {
    guard let format = knownFormat else {
      let formats = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "'\(output)' does not tell a format; name one with --format: \(formats)")
    }
    if includeNormalization, format != .onnx {
      throw ValidationError("--include-normalization is for ONNX, not for \(format.rawValue)")
    }
    if emitPytorch != nil, format != .safetensors {
      throw ValidationError("--emit-pytorch is for safetensors, not for \(format.rawValue)")
    }
    if emitPytorch != nil, output == "-" {
      throw ValidationError("--emit-pytorch needs a file of weights, and -o is standard output")
    }
    if let emitPytorch, emitPytorch == "-" || OutputFile.areOne(emitPytorch, output) {
      throw ValidationError("--emit-pytorch needs a file of its own")
    }
  }

  package func run() throws {
    guard let format = knownFormat else { return }
    let weights = OutputFile(path: output, replaces: force)
    let module = emitPytorch.map { OutputFile(path: $0, replaces: force) }
    try weights.check()
    try module?.check()
    let source = try source()
    let network = try network(of: source, format: format)
    let bytes = try network.encode(as: format, includesNormalization: includeNormalization)
    let text = try module.map { module in
      (module, try PyTorchModule.text(network, weights: Self.relative(output, to: module.path)))
    }
    try weights.write(bytes)
    if let (module, text) = text { try module.write(Array(text.utf8)) }
    if !quiet, !weights.isStandardOutput { say(source, network) }
  }

  private var knownFormat: ExportFormat? { format ?? ExportFormat(path: output) }

  private func source() throws -> JudgedNetwork {
    if let count = averageOption.average { return try JudgedNetwork(meanOfLast: count, run: path) }
    let source = try ResumeSource(path: path, inPlace: false)
    for checkpoint in source.unreadable {
      StandardStreams.say("rso-export: warning: \(checkpoint.reason)")
    }
    return try JudgedNetwork(path: source.checkpoint, source.stored)
  }

  private func network(of source: JudgedNetwork, format: ExportFormat) throws -> TrainedNetwork {
    let checkpoint = source.checkpoint
    let plan = checkpoint.plan
    let layout = try StageGraph(plan.architecture).layout
    let none = [[Float]](repeating: [], count: layout.layers.count)
    var statistics = checkpoint.statistics ?? NormalizationStatistics(mean: none, variance: none)
    let hasNorms = layout.layers.contains { $0.tensor(.gamma) != nil }
    if checkpoint.statistics == nil, hasNorms, format.needsStatistics {
      if !quiet {
        StandardStreams.say(source.lackOfStatistics)
      }
      statistics = try EvaluationRun(checkpoint).statistics(
        on: dataOptions.load(for: plan.data, of: checkpoint.provenance, near: source.path),
        makeEvaluator: Evaluators.factory(threads: threads.count))
    }
    var origin = [
      "generator": "rso \(Version.current)", "run_id": checkpoint.provenance.runID,
      "cycle": "\(checkpoint.state.cursor.cycle)",
    ]
    if source.steps > 0 { origin["steps"] = "\(source.steps)" }
    if let digest = source.stateSHA256 { origin["state_sha256"] = digest }
    if let cycles = source.cycles {
      origin["averaged_cycles"] = Numbers.ranges(cycles)
    } else if source.steps == 0, let last = checkpoint.history.last {
      origin["test_accuracy"] = "\(last.testAccuracy)"
    }
    return TrainedNetwork(
      architecture: plan.architecture, parameters: checkpoint.state.parameters,
      statistics: statistics, normalization: plan.normalization, origin: origin)
  }

  private func say(_ source: JudgedNetwork, _ network: TrainedNetwork) {
    let cycle = source.checkpoint.state.cursor.cycle
    let extent =
      (source.cycles == nil ? " " : ", the ")
      + JudgedNetwork.extent(cycle: cycle, steps: source.steps, mean: source.cycles)
    StandardStreams.say(
      "wrote \(network.architecture.name) of '\(source.path)', "
        + "\(Numbers.grouped(network.parameters.count)) parameters\(extent), to "
        + ([output] + (emitPytorch.map { [$0] } ?? [])).map { "'\($0)'" }.joined(separator: " and ")
    )
  }

  /// How a file is named in the directory of another: by its name alone where they lie together.
  private static func relative(_ path: String, to other: String) -> String {
    let (file, neighbor) = (URL(fileURLWithPath: path), URL(fileURLWithPath: other))
    let isTogether =
      file.standardizedFileURL.deletingLastPathComponent()
      == neighbor.standardizedFileURL.deletingLastPathComponent()
    return isTogether ? file.lastPathComponent : file.standardizedFileURL.path
  }
}
