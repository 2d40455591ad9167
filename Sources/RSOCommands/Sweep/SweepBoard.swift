import RSORuns

/// The picture of a sweep on a terminal: how many runs are finished, which are running, how good they are so far,
/// and when the sweep ends.
package struct SweepBoard: Sendable, Equatable {
  /// A run as the picture shows it.
  package struct Run: Sendable, Equatable {
    package enum State: Sendable { case waiting, running, finished, stopped }

    package var cell: String
    package var state: State
    /// Finished cycles, and those of the plan.
    package var cycle: Int
    package var cycles: Int
    /// The figure of the last finished cycle; nil before the first one.
    package var figure: Double?
    /// Training time of the finished cycles, in seconds.
    package var seconds: Double
    /// The work of the finished cycles and of those that are left, in a unit that all runs share. A cycle with larger
    /// minibatches is more work.
    package var workDone: Double
    package var workLeft: Double

    package init(
      cell: String, state: State, cycle: Int, cycles: Int, figure: Double?, seconds: Double,
      workDone: Double, workLeft: Double
    ) {
      self.cell = cell
      self.state = state
      self.cycle = cycle
      self.cycles = cycles
      self.figure = figure
      self.seconds = seconds
      self.workDone = workDone
      self.workLeft = workLeft
    }
  }

  /// A figure by which runs are compared: a column of `metrics.csv`.
  package enum Figure: String, Sendable, CaseIterable {
    case validationAccuracy = "validation_accuracy"
    case validationLoss = "validation_loss"
    case testAccuracy = "test_accuracy"
    case trainingLoss = "training_loss"

    var title: String { rawValue.replacing("_", with: " ") }

    func text(_ value: Double) -> String {
      self == .validationAccuracy || self == .testAccuracy
        ? Numbers.percent(value) : Numbers.loss(value)
    }
  }

  /// Characters of a cell's name on a narrow terminal.
  private static let leastName = 8

  package var name: String
  package var figure: Figure
  package var runs: [Run]

  package init(name: String, figure: Figure, runs: [Run]) {
    (self.name, self.figure, self.runs) = (name, figure, runs)
  }

  /// Seconds until the end if `jobs` runs are trained at a time; nil before a cycle is finished. A run whose speed is
  /// not known yet is taken to be as fast as the others, at first those of its cell.
  package func rest(jobs: Int) -> Double? {
    func secondsPerWork(_ runs: [Run]) -> Double? {
      let known = runs.filter { $0.workDone > 0 }
      let work = known.reduce(0) { $0 + $1.workDone }
      return work == 0 ? nil : known.reduce(0) { $0 + $1.seconds } / work
    }
    guard let common = secondsPerWork(runs) else { return nil }
    let cells = Dictionary(grouping: runs, by: \.cell).mapValues { secondsPerWork($0) ?? common }
    let rests = runs.filter { $0.state == .waiting || $0.state == .running }.map { run in
      run.workLeft * (secondsPerWork([run]) ?? cells[run.cell] ?? common)
    }
    return max(rests.max() ?? 0, rests.reduce(0, +) / Double(max(1, jobs)))
  }

  /// The lines for a terminal of this size: a summary, and a row for each cell. If there is not room for all, running
  /// cells come first.
  package func lines(width: Int, height: Int, rest: Double?) -> [String] {
    let (finished, running) = (
      runs.count { $0.state == .finished }, runs.count { $0.state == .running }
    )
    let end = rest.map { ", ends in \(Numbers.duration($0))" } ?? ""
    let whole =
      "\(name): \(finished) of \(Numbers.count(runs.count, "run")) finished, \(running) running\(end)"
    let summary = whole.count < width ? whole : "\(finished)/\(runs.count) finished\(end)"
    // One line stays free for the cursor of what is written afterwards.
    let room = height - 2
    guard room > 1 else { return [summary] }
    var names: [String] = []
    for run in runs where names.last != run.cell && !names.contains(run.cell) {
      names.append(run.cell)
    }
    let cells = Dictionary(grouping: runs, by: \.cell)
    let shown =
      names.count < room
      ? names
      : Array(
        (names.filter { isRunning(cells[$0]) } + names.filter { !isRunning(cells[$0]) })
          .prefix(room - 2))
    var lines = [summary] + table(shown.map { ($0, cells[$0] ?? []) }, width: width)
    if shown.count < names.count {
      lines.append("and \(Numbers.count(names.count - shown.count, "cell")) more")
    }
    return lines
  }

  private func isRunning(_ runs: [Run]?) -> Bool {
    runs?.contains { $0.state == .running } ?? false
  }

  private func table(_ cells: [(name: String, runs: [Run])], width: Int) -> [String] {
    let longest = cells.map(\.name.count).max() ?? 0
    func lines(nameWidth: Int, title: String) -> [String] {
      var table = Table(columns: [
        .left("cell"), .right("runs"), .right(title), .left("running"),
      ])
      for cell in cells {
        let figures = cell.runs.compactMap(\.figure)
        table.add([
          cell.name.count <= nameWidth ? cell.name : cell.name.prefix(nameWidth - 1) + "…",
          "\(cell.runs.count { $0.state == .finished })/\(cell.runs.count)",
          figures.isEmpty ? "" : figure.text(figures.reduce(0, +) / Double(figures.count)),
          cell.runs.filter { $0.state == .running }
            .map { "cycle \(min($0.cycle + 1, $0.cycles))/\($0.cycles)" }.joined(separator: ", "),
        ])
      }
      return table.lines
    }
    func excess(_ lines: [String]) -> Int { (lines.map(\.count).max() ?? 0) - (width - 1) }
    let whole = lines(nameWidth: longest, title: figure.title)
    if excess(whole) <= 0 { return whole }
    let title = figure.title.split(separator: " ").last.map(String.init) ?? figure.title
    let short = lines(nameWidth: longest, title: title)
    return excess(short) <= 0
      ? short : lines(nameWidth: max(Self.leastName, longest - excess(short)), title: title)
  }
}
