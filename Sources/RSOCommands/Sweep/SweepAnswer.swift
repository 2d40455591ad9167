import RSOCheckpoints
import RSORuns
import RSOSearch

/// What `rso sweep` answers: what has become of each run, and of the runs of each cell together.
struct SweepAnswer: Sendable, Equatable, Encodable {
  /// A run as far as it has come. What its first cycle tells is nil before that is finished.
  struct Run: Sendable, Equatable, Encodable {
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
    /// Of training, all cycles together.
    var seconds: Double
    /// Steps of the search, and losses evaluated in them.
    var updates: Int
    var evaluations: Int
    var stateSha256: String?
  }

  struct Cell: Sendable, Equatable, Encodable {
    var cell: String
    var options: [String: SweepValue]
    var runs: [Run]
    /// Of the finished runs; the rest is nil where there are none.
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

  init(
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

extension SweepAnswer.Run {
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
    stateSha256 = try run.checkpoint.map {
      try StateDigest.sha256(plan: $0.plan, state: $0.state)
    }
  }
}

extension SweepAnswer.Cell {
  init(_ cell: SweepDefinition.Cell, _ runs: [SweepAnswer.Run]) {
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
