import RSOCheckpoints
import RSORuns
import RSOSearch

/// The result of `rso sweep`: figures of each run, and of all runs of a cell together.
package struct SweepResults: Sendable, Equatable {
  /// A run, finished or not. Figures of the validation and test set are nil until a cycle is finished, and without such a set.
  struct Run: Sendable, Equatable {
    var cell: String
    var seed: UInt64
    /// Its directory.
    var run: String
    var finished: Bool
    var cycles: Int
    /// Those of the best cycle.
    var validationAccuracy: Double?
    var validationLoss: Double?
    /// Those of the last cycle.
    var testAccuracy: Double?
    var testLoss: Double?
    var bestCycle: Int?
    /// The criterion that chooses the best cycle.
    var bestBy: String?
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
    var validationAccuracy: Spread?
    var validationLoss: Spread?
    var testAccuracy: Spread?
    var testLoss: Spread?
    var seconds: Spread?
    var updates: Spread?
    var evaluations: Spread?
  }

  var sweep: String
  var about: String?
  var scaled: Bool
  var directory: String
  var cells: [Cell]

  /// The same results with the best cell by validation first, by accuracy or else by loss. Cells without a
  /// finished run come last, and cells without a validation set, or with other losses, stay in their order.
  var byValidation: SweepResults {
    func rank(_ cell: Cell) -> Double? {
      cell.validationAccuracy?.mean ?? cell.validationLoss.map { -$0.mean }
    }
    let losses = Set(cells.map { cell in SearchOption.ofLoss.map { cell.options[$0.name]?.label } })
    let isByAccuracy = cells.contains { $0.validationAccuracy != nil }
    guard isByAccuracy || losses.count < 2 else { return self }
    var sorted = self
    let order = cells.indices.sorted { first, second in
      switch (rank(cells[first]), rank(cells[second])) {
      case (let mine?, let other?): (other, first) < (mine, second)
      case (nil, _?): false
      case (_?, nil): true
      case (nil, nil): first < second
      }
    }
    sorted.cells = order.map { cells[$0] }
    return sorted
  }

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
    let best = run.checkpoint?.best
    validationAccuracy = best?.validation?.accuracy
    validationLoss = best?.validation?.loss
    testAccuracy = history.last?.test?.accuracy
    testLoss = history.last?.test?.loss
    bestCycle = best?.cycle
    bestBy = run.checkpoint?.criterion.title
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
    validationAccuracy = Spread(done.compactMap(\.validationAccuracy))
    validationLoss = Spread(done.compactMap(\.validationLoss))
    testAccuracy = Spread(done.compactMap(\.testAccuracy))
    testLoss = Spread(done.compactMap(\.testLoss))
    seconds = Spread(done.map(\.seconds))
    updates = Spread(done.map { Double($0.updates) })
    evaluations = Spread(done.map { Double($0.evaluations) })
  }
}
