import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSOExporters
import RSONetworks
import RSORuns
import RSOSearch
import RSOSystem
import RSOTensorFiles

extension ExportFormat: ExpressibleByArgument {}

/// `rso export`: writes a trained network as another tool's file.
package struct ExportCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso export",
    abstract: "Write a trained network for other tools.",
    discussion: """
      Tensors have the names and layouts of a PyTorch state_dict. The ending of FILE decides the \
      format: safetensors, npz, onnx, csv (a row for each number), json (only the architecture) or \
      h5 (the weights without their training). A file of another program is converted: to safetensors, \
      npz, h5 or onnx.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp(
      "A checkpoint; a run directory, for its newest good checkpoint; RUN@40; or another program's file of "
        + "tensors."),
    completion: .run)
  var path: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The file to write; '-' is standard output.", valueName: "file"),
    completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      "The format, if the file's name does not end in it.", valueName: "format"))
  var format: ExportFormat?

  @Flag(
    help:
      "ONNX only: the graph takes samples as they are (bytes of images, or floats) and normalises them."
  )
  var includeNormalization = false

  @Option(
    help: ArgumentHelp(
      "safetensors: also write a Python module that defines the network in PyTorch and loads the "
        + "file.", valueName: "file.py"),
    completion: .file())
  var emitPytorch: String?

  @Flag(
    name: .customLong("float32"),
    help: "Write binary, ternary and int8 weights in float32, as other weights.")
  var asFloat32 = false

  @Flag(
    help: "Of another program's file, leave out and name the tensors that the format cannot hold.")
  var partial = false

  @OptionGroup var averageOption: AverageOption
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Replace existing files.")
  var force = false

  @Flag(name: .shortAndLong, help: "Do not report what was written.")
  var quiet = false

  package init() {}

  package func validate() throws {
    guard let format = knownFormat else {
      let formats = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "\(quotedPath(output)) ends in no known format; name one with --format: \(formats)")
    }
    if includeNormalization, format != .onnx {
      throw ValidationError("--include-normalization is for onnx, not for \(format.rawValue)")
    }
    if emitPytorch != nil, format != .safetensors {
      throw ValidationError("--emit-pytorch is for safetensors, not for \(format.rawValue)")
    }
    if emitPytorch != nil, output == "-" {
      throw ValidationError("--emit-pytorch needs a file of weights; name one with -o")
    }
    if let emitPytorch, emitPytorch == "-" || OutputFile.areOne(emitPytorch, output) {
      throw ValidationError("--emit-pytorch needs a file other than the file of weights")
    }
  }

  package func run() throws {
    guard let format = knownFormat else { return }
    let weights = OutputFile(path: output, replaces: force)
    let module = emitPytorch.map { OutputFile(path: $0, replaces: force) }
    try weights.check()
    try module?.check()
    if let file = try foreignFile() {
      return try FileConversion(
        file: file, format: format, source: path, leavesOut: partial, isQuiet: quiet
      ).write(to: weights, answering: answer)
    }
    let source = try ChosenNetwork(path, meanOfLast: averageOption.average, choosing: .newest)
    Self.warn(source.warnings)
    let network = try network(of: source, format: format)
    let bytes = try network.encode(as: format, includesNormalization: includeNormalization)
    let text = try module.map { module in
      (module, try PyTorchModule.text(network, weights: Self.relative(output, to: module.path)))
    }
    try write(bytes, to: weights)
    if let (module, text) = text { try module.write(Array(text.utf8)) }
    if !quiet, !weights.isStandardOutput { try say(source, network) }
  }

  /// The file of another program that the argument names; nil for a checkpoint.
  private func foreignFile() throws -> TensorFile? {
    guard case .file = try ArgumentPath(path) else { return nil }
    let found = try FoundFile(path)
    if case .checkpoint = found { return nil }
    for (isGiven, option) in [
      (includeNormalization, "--include-normalization"), (asFloat32, "--float32"),
      (emitPytorch != nil, "--emit-pytorch"),
      (averageOption.average != nil, "--average"), (dataOptions.data != nil, "--data"),
    ] where isGiven {
      throw CommandError.needsCheckpoint(option: option, path: path)
    }
    return try found.tensorFile()
  }

  private var knownFormat: ExportFormat? { format ?? ExportFormat(path: output) }

  private func network(of source: ChosenNetwork, format: ExportFormat) throws -> TrainedNetwork {
    let plan = source.checkpoint.plan
    return TrainedNetwork(
      architecture: plan.architecture, parameters: source.checkpoint.state.parameters,
      statistics: try statistics(of: source, format: format), normalization: plan.normalization,
      elements: plan.data.elements ?? .bytes, origin: Self.origin(of: source),
      integerWeights: asFloat32 || !format.holdsIntegers ? [] : try Self.integerWeights(of: source))
  }

  /// The form of each layer's weights; nil where they are real numbers.
  private static func integerWeights(of source: ChosenNetwork) throws -> [IntegerWeights?] {
    let checkpoint = source.checkpoint
    let set = checkpoint.plan.options.weights
    let units = TargetUnits.scales(checkpoint.plan, try checkpoint.plan.architecture.layout())
    return set.grids(deviations: checkpoint.state.initialDeviations, units: units).map { layer in
      guard let scales = layer?.grids.map(\.scale), scales.allSatisfy({ $0 > 0 }) else {
        return nil
      }
      return IntegerWeights(scales: scales, isBinary: set == .binary)
    }
  }

  /// The batch-norm statistics of the checkpoint. If they are missing and the format needs them, they
  /// are computed from the training set.
  private func statistics(
    of source: ChosenNetwork, format: ExportFormat
  ) throws -> NormalizationStatistics {
    let checkpoint = source.checkpoint
    if let statistics = try checkpoint.knownStatistics() { return statistics }
    guard format.needsStatistics else {
      let none = [[Float]](
        repeating: [], count: try checkpoint.plan.architecture.layout().layers.count)
      return NormalizationStatistics(mean: none, variance: none)
    }
    if !quiet { StandardStreams.say(source.lackOfStatistics) }
    return try EvaluationRun(checkpoint).statistics(
      on: dataOptions.load(
        for: checkpoint.plan.data, of: checkpoint.provenance, near: source.path),
      makeEvaluator: Evaluators.factory(threads: threads.count))
  }

  /// The metadata that say where the network comes from.
  private static func origin(of source: ChosenNetwork) -> [String: String] {
    let checkpoint = source.checkpoint
    var origin = [
      "generator": "rso \(Version.current)", "run_id": checkpoint.provenance.runID,
      "cycle": "\(checkpoint.state.cursor.cycle)",
    ]
    if source.steps > 0 { origin["steps"] = "\(source.steps)" }
    if let digest = source.stateSHA256 { origin["state_sha256"] = digest }
    if let cycles = source.cycles {
      origin["averaged_cycles"] = Numbers.ranges(cycles)
    } else if source.steps == 0, let accuracy = checkpoint.history.last?.test?.accuracy {
      origin["test_accuracy"] = "\(accuracy)"
    }
    return origin
  }

  private func say(_ source: ChosenNetwork, _ network: TrainedNetwork) throws {
    let cycle = source.checkpoint.state.cursor.cycle
    let extent = ChosenNetwork.extent(cycle: cycle, steps: source.steps, mean: source.cycles)
    let files = ([output] + (emitPytorch.map { [$0] } ?? [])).map(quotedPath)
    StandardStreams.say(
      "wrote \(network.architecture.name) of \(quotedPath(source.path)) (\(extent)), "
        + "\(Numbers.grouped(network.parameters.count)) parameters\(try sizes(source, network)), to "
        + files.joined(separator: " and "))
  }

  /// The size of the integer weights of a file, beside that of the same weights in float32: ` (203,264 binary
  /// weights in 25,408 bytes, 813,056 in float32)`.
  private func sizes(_ source: ChosenNetwork, _ network: TrainedNetwork) throws -> String {
    let layers = try network.architecture.layout().layers
    let sizes = zip(layers, network.integerWeights).compactMap { layer, form in
      form.flatMap { form in
        layer.tensor(.weight).map { ($0.count, form.bytes(shape: $0.shape)) }
      }
    }
    guard !sizes.isEmpty else { return "" }
    let count = sizes.reduce(0) { $0 + $1.0 }
    let bytes = sizes.reduce(0) { $0 + $1.1 }
    let set = source.checkpoint.plan.options.weights.rawValue
    return " (\(Numbers.grouped(count)) \(set) weights in \(Numbers.grouped(bytes)) bytes, "
      + "\(Numbers.grouped(4 * count)) in float32)"
  }

  /// The path of a file for use in the directory of another: its name if both lie there, otherwise
  /// its absolute path.
  private static func relative(_ path: String, to other: String) -> String {
    let (file, neighbor) = (Path.absolute(path), Path.absolute(other))
    return Path.parent(of: file) == Path.parent(of: neighbor) ? Path.name(of: file) : file
  }
}
