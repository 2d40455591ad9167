import RSORuns

extension SweepResults {
  /// A run, with its cell's options.
  private struct RunRow {
    let run: Run
    let options: [String: SweepValue]
  }

  /// A row for each run, its options last.
  private var runReport: Report<RunRow> {
    Report(
      cells.flatMap { cell in cell.runs.map { RunRow(run: $0, options: cell.options) } },
      columns: Run.columns.map { $0.of(\RunRow.run) }
        + optionNames.map { name in
          Column("--\(name)", in: [.csv]) { $0.options[name]?.description }
        })
  }

  /// A row for each cell, its options last.
  var cellReport: Report<Cell> {
    Report(
      cells,
      columns: Cell.columns
        + optionNames.map { name in
          Column("--\(name)", in: [.csv]) { $0.options[name]?.description }
        })
  }

  private var optionNames: [String] { Set(cells.flatMap(\.options.keys)).sorted() }

  /// The runs and, if a cell has several, the cells.
  package var text: String {
    let parts =
      [runReport.table()] + (cells.contains { $0.runs.count > 1 } ? [cellReport.table()] : [])
    return parts.map(\.description).joined(separator: "\n\n") + "\n"
  }

  /// The content of `results.csv`.
  package var resultsCSV: String { runReport.csv }

  /// The content of `summary.csv`.
  package var summaryCSV: String { cellReport.csv }

  /// The JSON of `rso sweep`.
  package var json: ReportValue {
    .object([
      "sweep": sweep.reportValue, "about": about.reportValue, "scaled": scaled.reportValue,
      "directory": directory.reportValue, "cells": cellReport.json,
    ])
  }
}

extension SweepResults.Run {
  static var columns: [Column<Self>] {
    [
      Column("cell", "cell", align: .left, \.cell),
      Column("seed", "seed", \.seed),
      Column("finished", "finished", \.finished),
      Column("cycles", "cycles", \.cycles),
      Column(
        "validation_accuracy", "validation accuracy", as: .percent, in: .ifKnown,
        \.validationAccuracy),
      Column("validation_loss", "validation loss", as: .value, in: .ifKnown, \.validationLoss),
      Column("test_accuracy", "test accuracy", as: .percent, \.testAccuracy),
      Column("test_loss", "test loss", as: .value, \.testLoss),
      Column("best_cycle", "best cycle", \.bestCycle),
      Column("best_by", \.bestBy),
      Column("seconds", "time", as: .duration, \.seconds),
      Column("updates", "updates", as: .grouped, \.updates),
      Column("evaluations", "evaluations", as: .grouped, \.evaluations),
      Column("state_sha256", \.stateSHA256),
      Column("run", \.run),
    ]
  }
}

extension SweepResults.Cell {
  static var columns: [Column<Self>] {
    [
      Column("cell", "cell", align: .left, \.cell),
      Column("options", in: [.json]) { cell in
        ReportValue.object(cell.options.mapValues(\.reportValue))
      },
      Column("runs", in: [.json]) { Report($0.runs, columns: SweepResults.Run.columns).json },
      Column("runs", in: [.csv], \.runs.count),
      Column("finished", "finished", \.finished) { "\($0.finished) of \($0.runs.count)" },
    ] + spread("validation_accuracy", "validation accuracy", as: .percent, \.validationAccuracy)
      + spread(
        "validation_loss", "validation loss", as: .value, showing: ["mean"], \.validationLoss)
      + spread("test_accuracy", "test accuracy", as: .percent, \.testAccuracy)
      + spread("test_loss", "test loss", as: .value, showing: ["mean"], \.testLoss)
      + spread("seconds", "time", as: .duration, showing: ["mean"], \.seconds)
      + spread("updates", "updates", as: .plain, showing: [], \.updates)
      + spread("evaluations", "evaluations", as: .plain, showing: [], \.evaluations)
  }

  /// Mean, standard deviation, minimum and maximum of a measure.
  ///
  /// - Parameter shown: The parts that tables show; all by default.
  private static func spread(
    _ key: String, _ title: String, as style: Numbers.Style,
    showing shown: Set<String> = ["mean", "std", "min", "max"],
    _ spread: @escaping (Self) -> Spread?
  ) -> [Column<Self>] {
    let parts: [(String, (Spread) -> Double?)] = [
      ("mean", \.mean), ("std", \.deviation), ("min", \.min), ("max", \.max),
    ]
    return parts.map { name, part in
      Column(
        "\(key).\(name)", name == "mean" ? "\(title): mean" : name, as: style,
        in: shown.contains(name) ? .ifKnown : [.csv, .json]
      ) { spread($0).flatMap(part) }
    }
  }
}
