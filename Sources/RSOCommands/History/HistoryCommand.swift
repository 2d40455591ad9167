import ArgumentParser
import Foundation
import RSOCheckpoints
import RSONetworks
import RSORuns
import RSOSearch

/// `rso history`: how runs went.
package struct HistoryCommand: Verb {
  package static let configuration = CommandConfiguration(
    commandName: "rso history",
    abstract: "Show how one or several runs went, as tables or as curves.",
    discussion: """
      Takes the cycles that the newest checkpoint of a run remembers. A picture has accuracy and loss \
      over cycles and over weight updates, and each layer's deviation of proposals and share of \
      changed weights. A sweep's directory means all its runs that have begun.
      """,
    version: Version.current)

  @Argument(
    help: ArgumentHelp("Run directories, checkpoints, or RUN@40.", valueName: "run"),
    completion: .file())
  var runs: [String]

  @Option(
    help: ArgumentHelp(
      "Draw the curves into this file: .svg, or .png by way of rsvg-convert(1).",
      valueName: "file"))
  var plot: String?

  @Flag(help: "Replace a picture that exists.")
  var force = false

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var colors: ColorOptions

  package init() {}

  package func validate() throws {
    if json, csv { throw ValidationError("--json and --csv: give one of them") }
    if let plot, !["svg", "png"].contains(Self.suffix(of: plot)) {
      throw ValidationError("--plot \(plot): expected a name that ends in .svg or .png")
    }
    if force, plot == nil { throw ValidationError("--force serves --plot; give both") }
  }

  package func run() throws {
    let target = plot.map { OutputFile(path: $0, replaces: force) }
    try target?.check()
    let histories = try runs.flatMap(histories)
    if let target, let plot {
      let picture = SVGPlot(RunCurves.panels(histories), title: RunCurves.title(histories)).text
      try target.write(
        Self.suffix(of: plot) == "png"
          ? try PNGConversion.png(of: picture, for: plot) : Array(picture.utf8))
    }
    if json {
      try answer(try JSONText.encode(HistoryAnswer(runs: histories.map(\.json)), snakeCase: true))
    } else if csv {
      try answer(RunHistory.csv(histories))
    } else if plot == nil {
      try answer(text(histories))
    }
  }

  private func histories(of argument: String) throws -> [RunHistory] {
    if let runs = try SweepHistory.runs(in: argument) { return runs }
    let found = try CheckpointArgument(argument)
    found.warn(program: "rso-history")
    return [try RunHistory(name: argument, found.stored.checkpoint)]
  }

  private func text(_ histories: [RunHistory]) -> String {
    if histories.isEmpty { return "no run has begun\n" }
    let palette = colors.palette
    return histories.map { history in
      var parts = [HistoryTable.text(history.cycles, loss: history.loss, palette)]
      if Terminal.showsAnswers, !history.cycles.isEmpty {
        parts.append(
          HistoryTable.sparklines(
            history.cycles, layers: history.layers, loss: history.loss,
            width: Terminal.answerWidth))
      }
      if histories.count > 1 { parts[0] = palette.title(history.name) + "\n" + parts[0] }
      return parts.joined(separator: "\n\n")
    }.joined(separator: "\n\n") + "\n"
  }

  private static func suffix(of path: String) -> String {
    URL(fileURLWithPath: path).pathExtension.lowercased()
  }
}
