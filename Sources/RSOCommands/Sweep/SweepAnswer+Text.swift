/// The answer as tables: for people, and as comma-separated values.
extension SweepAnswer {
  /// The runs, a row each, and where cells have several, the cells.
  var text: String {
    let parts = [runsTable] + (cells.contains { $0.runs.count > 1 } ? [cellsTable] : [])
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var runsTable: String {
    var table = Table(columns: [
      .left("cell"), .right("seed"), .right("cycles"), .right("test accuracy"), .right("best"),
      .right("test loss"), .right("steps"), .right("evaluations"), .right("time"), .left(""),
    ])
    for run in cells.flatMap(\.runs) {
      table.add([
        run.cell, "\(run.seed)", "\(run.cycles)",
        run.testAccuracy.map(Numbers.percent) ?? "-",
        run.bestTestAccuracy.map(Numbers.percent) ?? "-", Numbers.value(run.testLoss),
        Numbers.grouped(run.updates), Numbers.grouped(run.evaluations),
        Numbers.duration(run.seconds), run.finished ? "" : "not finished",
      ])
    }
    return table.description
  }

  private var cellsTable: String {
    var table = Table(columns: [
      .left("cell"), .right("finished"), .right("test accuracy: mean"), .right("std"),
      .right("min"), .right("max"), .right("best: mean"), .right("test loss: mean"),
      .right("time: mean"),
    ])
    func percent(_ share: Double?) -> String { share.map(Numbers.percent) ?? "-" }
    for cell in cells {
      table.add([
        cell.cell, "\(cell.finished) of \(cell.runs.count)", percent(cell.testAccuracy?.mean),
        percent(cell.testAccuracy?.std), percent(cell.testAccuracy?.min),
        percent(cell.testAccuracy?.max), percent(cell.bestTestAccuracy?.mean),
        Numbers.value(cell.testLoss?.mean), Numbers.duration(cell.seconds?.mean),
      ])
    }
    return table.description
  }

  // MARK: Files

  /// A row a run, its options last.
  var resultsCSV: String {
    let options = optionNames
    var csv = CSVText(
      [
        "cell", "seed", "finished", "cycles", "test_accuracy", "test_loss", "best_test_accuracy",
        "best_cycle", "seconds", "updates", "evaluations", "state_sha256", "run",
      ] + options.map { "--\($0)" })
    for cell in cells {
      for run in cell.runs {
        csv.add(
          [
            run.cell, "\(run.seed)", "\(run.finished)", "\(run.cycles)",
            csvNumber(run.testAccuracy), csvNumber(run.testLoss), csvNumber(run.bestTestAccuracy),
            run.bestCycle.map(String.init) ?? "", csvNumber(run.seconds), "\(run.updates)",
            "\(run.evaluations)", run.stateSha256 ?? "", run.run,
          ] + options.map { cell.options[$0]?.description ?? "" })
      }
    }
    return csv.text
  }

  /// A row a cell, its options last.
  var summaryCSV: String {
    let options = optionNames
    let measures = [
      "test_accuracy", "test_loss", "best_test_accuracy", "seconds", "updates", "evaluations",
    ]
    var csv = CSVText(
      ["cell", "runs", "finished"]
        + measures.flatMap { name in ["mean", "std", "min", "max"].map { "\(name)_\($0)" } }
        + options.map { "--\($0)" })
    for cell in cells {
      let spreads = [
        cell.testAccuracy, cell.testLoss, cell.bestTestAccuracy, cell.seconds, cell.updates,
        cell.evaluations,
      ]
      csv.add(
        [cell.cell, "\(cell.runs.count)", "\(cell.finished)"]
          + spreads.flatMap { spread in
            [spread?.mean, spread?.std, spread?.min, spread?.max].map(csvNumber)
          } + options.map { cell.options[$0]?.description ?? "" })
    }
    return csv.text
  }

  private var optionNames: [String] { Set(cells.flatMap(\.options.keys)).sorted() }
}
