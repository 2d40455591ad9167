import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch

/// `rso inspect`: what a checkpoint is, and how healthy.
package struct InspectCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso inspect",
    abstract: "Tell what a checkpoint is, how it was made and how healthy it is.",
    discussion: """
      Prints where a checkpoint comes from and a row for each layer: its weights, how they were \
      searched, how far they are from their beginning; and marks what is hardly meant to be. The \
      arrays of other programs' HDF5, safetensors, npz and ONNX files can be looked at too.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp(
      "A checkpoint, or a run directory: its newest state; RUN@40: that of cycle 40. Or a file of "
        + "another program."), completion: .file())
  var path: String

  @Option(
    help: ArgumentHelp(
      "Look at one layer: histogram, norms of its filters; with --data or --samples, dead channels.",
      valueName: "name"))
  var layer: String?

  @Flag(help: "A row for each cycle.")
  var history = false

  @Flag(help: "The singular values of each layer's matrix.")
  var spectrum = false

  @OptionGroup var dataOptions: DataOptions

  @Option(
    help: ArgumentHelp(
      "Training images that --layer looks for dead channels with. (default: 256)", valueName: "n"))
  var samples: Int?

  @Flag(help: "Exit with status 1 if anything is marked.")
  var check = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @OptionGroup var colors: ColorOptions

  package init() {}

  package func validate() throws {
    if json, csv { throw ValidationError("--json and --csv: give one of them") }
    if csv, [history, spectrum, layer != nil].filter({ $0 }).count > 1 {
      throw ValidationError("--csv prints one table: give one of --layer, --history, --spectrum")
    }
    if let samples, samples < 1 {
      throw ValidationError("--samples \(samples): expected 1 or more")
    }
    if dataOptions.data != nil || samples != nil, layer == nil {
      throw ValidationError("--data and --samples need --layer; give it as well")
    }
  }

  package func run() throws {
    let marks: [HealthMark]
    switch try InspectedFile(path) {
    case .checkpoint(let found):
      found.warn(program: "rso-inspect")
      let inspection = try CheckpointInspection(found.stored, path: found.path)
      marks = inspection.marks
      try answer(try text(inspection, path: found.path))
    case .tensors(let found, let format, let path):
      marks = HealthMark.all(of: found.tensors)
      try answer(try text(found, marks: marks, format: format, path: path))
    }
    if check, !marks.isEmpty { throw ExitCode(1) }
  }

  // MARK: Checkpoints

  private func text(_ inspection: CheckpointInspection, path: String) throws -> String {
    let checkpoint = inspection.checkpoint
    let detail = try layer.map { try self.detail($0, of: inspection, file: path) }
    let spectra = spectrum ? Spectrum.all(of: checkpoint, layout: inspection.layout) : nil
    if json {
      var result = InspectionAnswer(inspection, path: path)
      if history { result.history = checkpoint.history.map(InspectionAnswer.Cycle.init) }
      result.spectrum = spectra?.map(InspectionAnswer.SpectrumOfLayer.init)
      result.layer = detail.map(InspectionAnswer.Detail.init)
      return try JSONText.encode(result, snakeCase: true)
    }
    if csv {
      if history { return InspectionCSV.text(checkpoint.history) }
      return detail.map(InspectionCSV.text) ?? spectra.map(InspectionCSV.text)
        ?? InspectionCSV.text(inspection.layers, marks: inspection.marks)
    }
    let palette = colors.palette
    let names = inspection.layout.layers.map(\.name)
    var parts = [InspectionHeader.text(inspection, path: path)]
    if let detail { parts.append(detail.text(palette, width: Terminal.answerWidth)) }
    if let spectra { parts.append(SpectrumTable.text(spectra, palette)) }
    if history {
      let loss = checkpoint.plan.options.loss
      parts.append(HistoryTable.text(checkpoint.history, loss: loss, palette))
      if Terminal.showsAnswers, !checkpoint.history.isEmpty {
        parts.append(
          HistoryTable.sparklines(
            checkpoint.history, layers: names, loss: loss, width: Terminal.answerWidth))
      }
    }
    if detail == nil, spectra == nil, !history {
      parts.append(LayerTables.text(inspection.layers, marks: inspection.marks, palette))
    }
    parts.append(HealthMark.text(inspection.marks, palette))
    return parts.joined(separator: "\n\n") + "\n"
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
      name: name, tensors: layer.tensors.map { ($0.kind.rawValue, $0.shape, $0.statistics) },
      histogram: Histogram(values, bins: 20),
      filters: FilterStatistics.all(values, filters: layer.outputs))
    if dataOptions.data != nil || samples != nil {
      let plan = inspection.checkpoint.plan
      let dataset =
        try dataOptions.data.map {
          try dataOptions.source.load($0, classes: plan.architecture.classes)
        }
        ?? dataOptions.load(for: plan.data, of: inspection.checkpoint.provenance, near: file)
      let images = dataset.training.prefix(samples ?? 256)
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

  private func text(
    _ found: FoundTensors, marks: [HealthMark], format: String, path: String
  ) throws -> String {
    if history { throw CommandError.needsCheckpoint(option: "--history", path: path) }
    if dataOptions.data != nil { throw CommandError.needsCheckpoint(option: "--data", path: path) }
    if samples != nil { throw CommandError.needsCheckpoint(option: "--samples", path: path) }
    let detail = try layer.map { try self.detail($0, of: found, path: path) }
    let spectra = spectrum ? Spectrum.all(of: found.tensors) : nil
    if json {
      var result = InspectionAnswer(found, marks: marks, format: format, path: path)
      result.spectrum = spectra?.map(InspectionAnswer.SpectrumOfLayer.init)
      result.layer = detail.map(InspectionAnswer.Detail.init)
      return try JSONText.encode(result, snakeCase: true)
    }
    if csv {
      return detail.map(InspectionCSV.text) ?? spectra.map(InspectionCSV.text)
        ?? InspectionCSV.text(found.tensors, marks: marks)
    }
    let palette = colors.palette
    let elements = found.tensors.reduce(0) { $0 + $1.values.count }
    var parts = [
      "\(path): \(format), not a checkpoint of rso: "
        + "\(Numbers.count(elements, "floating-point number")) in "
        + Numbers.count(found.tensors.count, "array")
    ]
    if !found.others.isEmpty { parts[0] += "\nbesides: " + found.others.joined(separator: ", ") }
    if let detail { parts.append(detail.text(palette, width: Terminal.answerWidth)) }
    if let spectra { parts.append(SpectrumTable.text(spectra, palette)) }
    if detail == nil, spectra == nil {
      parts.append(TensorTable.text(found.tensors, marks: marks, palette))
    }
    parts.append(HealthMark.text(marks, palette))
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func detail(
    _ name: String, of found: FoundTensors, path: String
  ) throws -> LayerDetail {
    guard let tensor = found.tensors.first(where: { $0.name == name }) else {
      throw CommandError.noSuchLayer(name, path: path, found.tensors.map(\.name))
    }
    return LayerDetail(
      name: name, tensors: [(name, tensor.shape, TensorStatistics(tensor.values))],
      histogram: Histogram(tensor.values, bins: 20),
      filters: tensor.shape.count > 1
        ? FilterStatistics.all(tensor.values, filters: tensor.shape[0]) : [])
  }
}
