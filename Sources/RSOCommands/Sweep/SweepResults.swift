import RSOCheckpoints
import RSORuns
import RSOSearch

/// The result of `rso sweep`: figures of each run, and of all runs of a cell together.
package struct SweepResults: Sendable, Equatable {
  /// A run, finished or not. Figures of the test set are nil until a cycle is finished.
  struct Run: Sendable, Equatable {
    var cell: String
    var seed: UInt64
    /// Its directory.
    var run: String
    var finished: Bool
    var cycles: Int
    var testAccuracy: Double?
    var testLoss: Double?
    var bestTestAccuracy: Double?
    var bestCycle: Int?
    /// Training time of all cycles.
    var seconds: Double
    /// Steps of the search, including those that kept their weight.
    var updates: Int
    /// Losses evaluated in these steps.
    var evaluations: Int
    var stateSHA256: String?
  }

  struct Cell: Sendable, Equatable {
    var cell: String
    var options: [String: SweepValue]
    var runs: [Run]
    /// The number of finished runs. The measures are over these, and nil without one.
    var finished: Int
    var testAccuracy: Spread?
    var testLoss: Spread?
    var bestTestAccuracy: Spread?
    var seconds: Spread?
    var updates: Spread?
    var evaluations: Spread?
  }

  var sweep: String
  var about: String?
  var scaled: Bool
  var directory: String
  var cells: [Cell]

  package init(
    _ definition: SweepDefinition, runs: [SweepRun], isScaled: Bool, directory: String
  ) throws {
    let all = try runs.map(Run.init)
    sweep = definition.name
    about = definition.about
    scaled = isScaled
    self.directory = directory
    cells = definition.cells.map { cell in Cell(cell, all.filter { $0.cell == cell.name }) }
  }
}

extension SweepResults.Run {
  init(_ run: SweepRun) throws {
    cell = run.cell.name
    seed = run.seed
    self.run = run.path
    finished = run.isFinished
    cycles = run.finishedCycles
    let history = run.checkpoint?.history ?? []
    testAccuracy = history.last?.testAccuracy
    testLoss = history.last?.testLoss
    bestTestAccuracy = history.best?.testAccuracy
    bestCycle = history.best?.cycle
    seconds = history.reduce(0) { $0 + $1.seconds }
    updates = history.reduce(0) { $0 + $1.tallies.total.steps }
    evaluations = history.reduce(0) { $0 + $1.evaluations }
    stateSHA256 = try run.checkpoint.map {
      try StateDigest.sha256(plan: $0.plan, state: $0.state)
    }
  }
}

extension SweepResults.Cell {
  init(_ cell: SweepDefinition.Cell, _ runs: [SweepResults.Run]) {
    let done = runs.filter(\.finished)
    self.cell = cell.name
    options = cell.options
    self.runs = runs
    finished = done.count
    testAccuracy = Spread(done.compactMap(\.testAccuracy))
    testLoss = Spread(done.compactMap(\.testLoss))
    bestTestAccuracy = Spread(done.compactMap(\.bestTestAccuracy))
    seconds = Spread(done.map(\.seconds))
    updates = Spread(done.map { Double($0.updates) })
    evaluations = Spread(done.map { Double($0.evaluations) })
  }
}
