import ArgumentParser
import RSOCheckpoints
import RSORuns
import RSOSystem

/// `rso history`: shows the learning curves of runs.
package struct HistoryCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso history",
    abstract: "Show the learning curves of runs, as tables or plots.",
    discussion: """
      Prints a row for each finished cycle, or a row for each of several runs. A picture shows accuracy and loss over cycles and over \
      weight updates, and each layer's deviation and share of changed weights. Runs that differ only in \
      their seeds are one curve, their mean, with a band from the lowest to the highest. The directory of \
      a sweep means all its runs that have begun. --tensorboard writes event files instead.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp("Run directories, checkpoints, or RUN@40.", valueName: "run"),
    completion: .run)
  var runs: [String]

  @Option(
    help: ArgumentHelp(
      "Draw the curves into this file: .svg, or .png if rsvg-convert(1) is installed.",
      valueName: "file"),
    completion: .file())
  var plot: String?

  @Option(
    name: .customLong("x"),
    help: ArgumentHelp(
      "The horizontal axis of the picture: cycle, updates (weight updates) or hours (of training). "
        + "(default: cycle and updates)",
      valueName: "axis"))
  var axis: CurveAxis?

  @Flag(help: "Replace an existing picture.")
  var force = false

  @Flag(help: "Print the cycles of several runs too.")
  var cycles = false

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var curves: TensorBoardOption
  @OptionGroup var colors: ColorOptions

  package init() {}

  package func validate() throws {
    if json, csv { throw ValidationError("--json and --csv exclude each other; give one of them") }
    if let plot { try OutputFile.checkPicture(plot) }
    if force, plot == nil { throw ValidationError("--force needs --plot") }
    if axis != nil, plot == nil { throw ValidationError("--x needs --plot") }
  }

  package func run() throws {
    let target = plot.map { OutputFile(path: $0, replaces: force) }
    try target?.check()
    let found = try runs.flatMap(found)
    let histories = found.map(\.history)
    if let target {
      let curves = RunCurves(histories)
      let panels = curves.panels(over: axis.map { [$0] } ?? [.cycle, .updates])
      try target.writePicture(SVGPlot(panels, title: curves.title).text)
    }
    if let directory = curves.tensorboard { try FoundRun.writeCurves(of: found, in: directory) }
    if json {
      try answer(try JSONText.encode(["runs": histories.map(\.json)]))
    } else if csv {
      try answer(RunHistory.csv(histories))
    } else if target == nil, curves.tensorboard == nil {
      try answer(text(histories))
    }
  }

  private func found(of argument: String) throws -> [FoundRun] {
    if let sweep = try SweepHistory(argument) { return try sweep.begun.map(FoundRun.init) }
    let found = try FoundCheckpoint(argument)
    Self.warn(try found.warnings())
    return [try FoundRun(argument, found)]
  }

  private func text(_ histories: [RunHistory]) -> String {
    if histories.isEmpty { return "no run has begun\n" }
    let palette = colors.palette
    let barWidth = Terminal.showsAnswers ? Terminal.answerWidth : nil
    guard histories.count > 1 else {
      return histories[0].text(palette, barWidth: barWidth) + "\n"
    }
    let parts =
      cycles
      ? histories.map { history in
        palette.title(printable(history.name)) + "\n" + history.text(palette, barWidth: barWidth)
      } : []
    return ([palette.text(RunHistory.runs(histories).table())] + parts)
      .joined(separator: "\n\n") + "\n"
  }
}
