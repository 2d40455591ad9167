import ArgumentParser
import RSODatasets
import RSOExporters
import RSOSystem

/// `rso data`: shows what rso reads from a data set.
package struct DataCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso data",
    abstract: "Show what rso reads from a data set, and likely problems.",
    discussion: """
      Prints the task, the sets, the classes, and the range of each feature or channel. Likely \
      problems are marked with '!': classes with one sample, constant features, row numbers, and \
      samples that are in the training set and in the test set.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp("The data, as 'rso train' takes them.", valueName: "data"),
    completion: .data)
  var path: String

  @OptionGroup var requestOptions: DataRequestOptions

  @Option(
    help: ArgumentHelp(
      "Draw the samples per class and histograms of the features into this file: .svg, or .png if "
        + "rsvg-convert(1) is installed.", valueName: "file"),
    completion: .file())
  var plot: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the data as named arrays: .npz or .h5.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Replace existing files.")
  var force = false

  @Flag(help: "Exit with status 1 if there are likely problems.")
  var check = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var colors: ColorOptions

  package init() {}

  package func validate() throws {
    if let plot, !["svg", "png"].contains(Self.suffix(of: plot)) {
      throw ValidationError(
        "--plot '\(printable(plot))': expected a name that ends in .svg or .png")
    }
    if let output, DataFile.Format(rawValue: Self.suffix(of: output)) == nil {
      throw ValidationError(
        "--output '\(printable(output))': expected a name that ends in .npz or .h5")
    }
    if force, plot == nil, output == nil {
      throw ValidationError("--force needs --plot or --output")
    }
  }

  package func run() throws {
    let picture = plot.map { OutputFile(path: $0, replaces: force) }
    let file = output.map { OutputFile(path: $0, replaces: force) }
    try picture?.check()
    try file?.check()
    let dataset = try DatasetSource.standard.load(path, request: requestOptions.request)
    let survey = DataSurvey(of: dataset)
    if let file, let format = DataFile.Format(rawValue: Self.suffix(of: file.path)) {
      try write(try DataFile.encode(dataset, as: format), to: file)
    }
    if let picture {
      let svg = SVGPlot(DataPlot.panels(survey), title: DataPlot.title(survey)).text
      try picture.write(
        Self.suffix(of: picture.path) == "png"
          ? try PNGConversion.png(of: svg, for: picture.path) : Array(svg.utf8))
    }
    let report = DataReport(survey)
    try answer(json ? try report.json() : report.text(colors.palette))
    if check, !survey.doubts.isEmpty { throw ExitCode(1) }
  }

  private static func suffix(of path: String) -> String {
    Path.fileExtension(of: path).lowercased()
  }
}
