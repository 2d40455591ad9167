import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch
import RSOTensorFiles
import TensorAnalysis

/// `rso inspect`: shows what a checkpoint holds.
package struct InspectCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso inspect",
    abstract: "Show what a checkpoint holds, how it was made, and likely problems.",
    discussion: """
      Prints where the checkpoint comes from, and a row for each layer: its weights, how they were \
      searched, and how far they are from the initial weights. Likely problems are marked with '!'. \
      For files of other programs (HDF5, safetensors, PyTorch, npz, npy, GGUF, ONNX), prints a row for each tensor. \
      NaN and infinities are counted apart. What is not examined is named.
      """,
    version: Version.current)

  /// The images for `--layer`, if no other number is given.
  private static let defaultSamples = 256

  @Argument(
    help: ArgumentHelp(
      "A checkpoint; a run directory, for its newest state; RUN@40, for the state after cycle 40; or "
        + "a file of another program."), completion: .run)
  var path: String

  @Option(
    help: ArgumentHelp(
      "Show one layer: its tensors, a histogram, and the norm of each filter. With --data or --samples, "
        + "also dead channels. Of another program's file, only that tensor is read.",
      valueName: "name"))
  var layer: String?

  @Flag(help: "Print a row for each finished cycle.")
  var history = false

  @Flag(help: "Print the singular values of each layer's weight matrix.")
  var spectrum = false

  @Flag(
    help: "Print a row for each layer of another program's file: a name without its last part.")
  var byLayer = false

  @Flag(
    help: ArgumentHelp(
      "Print one line for each object, without paths and times, for 'git diff'."))
  var textconv = false

  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp(
      "The number of training images on which --layer looks for dead channels. "
        + "(default: \(defaultSamples))",
      valueName: "n"), transform: OptionText.whole(1...Int.max))
  var samples: Int?

  @Flag(help: "Exit with status 1 if there are likely problems.")
  var check = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @OptionGroup var colors: ColorOptions

  package init() {}

  package func validate() throws {
    if json, csv { throw ValidationError("--json and --csv exclude each other; give one of them") }
    if csv, [history, spectrum, layer != nil, byLayer].filter({ $0 }).count > 1 {
      throw ValidationError(
        "--csv prints one table; give one of --layer, --by-layer, --history, --spectrum")
    }
    if textconv, json || csv || history || spectrum || layer != nil || byLayer || check {
      throw ValidationError("--textconv prints one form; leave out the other options")
    }
    if dataOptions.data != nil || samples != nil, layer == nil {
      throw ValidationError("--data and --samples need --layer; give it as well")
    }
  }

  package func run() throws {
    let file = try FoundFile(path)
    Self.warn(try file.warnings())
    if textconv { return try answer(try FileText.text(of: file)) }
    let report: any InspectionReport =
      switch file {
      case .checkpoint(let found): try self.report(of: found)
      case .tensors(let file): try self.report(of: file)
      }
    try answer(
      json
        ? try report.json()
        : csv
          ? report.csv
          : report.text(
            colors.palette, width: Terminal.answerWidth,
            barWidth: Terminal.showsAnswers ? Terminal.answerWidth : nil))
    if check, report.problems > 0 { throw ExitCode(1) }
  }

  // MARK: Checkpoints

  private func report(of found: FoundCheckpoint) throws -> CheckpointReport {
    if byLayer {
      throw ValidationError(
        "--by-layer is for other programs' files; a checkpoint has layers anyway")
    }
    let inspection = try CheckpointInspection(found.stored, path: found.path)
    var report = CheckpointReport(inspection, path: found.path)
    report.layer = try layer.map {
      try detail($0, of: inspection, file: found.path)
    }
    if spectrum {
      report.spectra = Spectrum.all(of: inspection.checkpoint, layout: inspection.layout)
    }
    if history { report.history = try RunHistory(name: path, inspection.checkpoint) }
    return report
  }

  private func detail(
    _ name: String, of inspection: CheckpointInspection, file: String
  ) throws -> LayerDetail {
    let names = inspection.layers.map(\.name)
    guard let index = names.firstIndex(of: name) else {
      throw CommandError.noSuchLayer(name, path: path, names)
    }
    let layer = inspection.layers[index]
    let tensor = inspection.layout.layers[index].tensors[0]
    let values = inspection.checkpoint.state.parameters[tensor.range]
    var detail = LayerDetail(
      name: name,
      tensors: layer.tensors.map {
        LayerDetail.Tensor(name: $0.kind.rawValue, shape: $0.shape, statistics: $0.statistics)
      },
      histogram: Histogram(values, bins: 20),
      filters: FilterStatistics.all(values, filters: layer.outputs))
    if dataOptions.data != nil || samples != nil {
      let plan = inspection.checkpoint.plan
      try plan.architecture.requireNetwork()
      let dataset =
        try dataOptions.data.map {
          try dataOptions.source.load($0, classes: plan.architecture.classes)
        }
        ?? dataOptions.load(for: plan.data, of: inspection.checkpoint.provenance, near: file)
      let images = dataset.training.prefix(samples ?? Self.defaultSamples)
      detail.samples = images.count
      detail.activity = try ChannelActivity(
        layer: index, architecture: plan.architecture,
        parameters: inspection.checkpoint.state.parameters,
        statistics: inspection.checkpoint.statistics,
        samples: Samples(images, normalization: plan.normalization))
    }
    return detail
  }

  // MARK: Other files

  private func report(of file: TensorFile) throws -> TensorsReport {
    if history { throw CommandError.needsCheckpoint(option: "--history", path: file.path) }
    if dataOptions.data != nil {
      throw CommandError.needsCheckpoint(option: "--data", path: file.path)
    }
    if samples != nil { throw CommandError.needsCheckpoint(option: "--samples", path: file.path) }
    var entries = file.entries
    if let layer {
      entries = entries.filter { $0.name == layer }
      if entries.isEmpty {
        throw CommandError.noSuchLayer(layer, path: path, file.entries.map(\.name))
      }
    }
    var report = TensorsReport(file, entries: entries, threads: threads.count)
    report.showsLayers = byLayer
    do {
      if layer != nil, let description = report.descriptions.first {
        report.layer = try FileInspection.detail(of: description, in: file)
      }
      if spectrum { report.spectra = FileInspection.spectra(of: file, entries: entries) }
    } catch {
      throw CommandError.badWeights(file.path, reason: "\(error)")
    }
    return report
  }
}
