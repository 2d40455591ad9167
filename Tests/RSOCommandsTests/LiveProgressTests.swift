import RSOCommands
import RSONetworks
import RSONumerics
import RSORuns
import RSOSearch
import Synchronization
import TestSupport
import Testing

@Suite("Progress on a terminal and without one")
struct LiveProgressTests {
  // MARK: Blocks

  @Test("a block is drawn again where it began, cut to the width, and removed whole")
  func block() {
    var block = LiveBlock()
    #expect(block.erasing(width: 80) == "")
    #expect(block.drawing(["first line", "second"], width: 80) == "first line\nsecond")
    #expect(block.drawing(["third"], width: 80) == "\r\u{1B}[1A\u{1B}[Jthird")
    #expect(block.drawing(["a long line"], width: 7) == "\r\u{1B}[Ja long")
    #expect(block.erasing(width: 7) == "\r\u{1B}[J" && block.erasing(width: 7) == "")
  }

  @Test("a terminal that has become narrower has broken the lines")
  func narrower() {
    var block = LiveBlock()
    _ = block.drawing([String(repeating: "x", count: 45), "", "y"], width: 80)
    // 3 + 1 + 1 rows.
    #expect(block.erasing(width: 20) == "\r\u{1B}[4A\u{1B}[J")
  }

  // MARK: Sweeps

  private func run(
    _ cell: String, _ state: SweepBoard.Run.State, _ cycle: Int, _ figure: Double? = nil,
    seconds: Double = 0, work: [Double] = Array(repeating: 3, count: 10)
  ) -> SweepBoard.Run {
    SweepBoard.Run(
      cell: cell, state: state, cycle: cycle, cycles: work.count, figure: figure, seconds: seconds,
      workDone: work.prefix(cycle).reduce(0, +), workLeft: work.dropFirst(cycle).reduce(0, +))
  }

  private var board: SweepBoard {
    SweepBoard(
      name: "scales", figure: .validationAccuracy,
      runs: [
        run("hold=1", .finished, 10, 0.5, seconds: 100),
        run("hold=1", .running, 5, 0.4, seconds: 50),
        run("hold=4", .running, 0), run("hold=4", .waiting, 0),
      ])
  }

  @Test("a sweep is a summary and a row for each cell")
  func lines() {
    #expect(
      board.lines(width: 80, height: 24, rest: 61) == [
        "scales: 1 of 4 runs finished, 2 running, ends in 1:01",
        "cell    runs  validation accuracy  running",
        "hold=1   1/2              45.00 %  cycle 6/10",
        "hold=4   0/2                       cycle 1/10",
      ])
  }

  @Test("a low terminal shows running cells first, and says how many it does not show")
  func low() {
    var board = board
    board.runs.insert(run("hold=0", .waiting, 0), at: 0)
    board.runs.append(run("hold=9", .waiting, 0))
    let lines = board.lines(width: 80, height: 6, rest: nil)
    #expect(lines[0] == "scales: 1 of 6 runs finished, 2 running")
    #expect(lines.dropFirst(2).map { $0.prefix(6) } == ["hold=1", "hold=4", "and 2 "])
    #expect(lines.last == "and 2 cells more")
    for height in 0..<8 {
      #expect(board.lines(width: 80, height: height, rest: 1).count < max(2, height))
    }
  }

  @Test("a narrow terminal has shorter names of cells")
  func narrow() {
    var board = board
    for index in board.runs.indices {
      board.runs[index].cell = "deviation-scale=" + board.runs[index].cell
    }
    let lines = board.lines(width: 51, height: 24, rest: nil)
    #expect(lines.dropFirst().allSatisfy { $0.count < 51 }, "\(lines)")
    #expect(
      lines.dropFirst() == [
        "cell                    runs  accuracy  running",
        "deviation-scale=hold=1   1/2   45.00 %  cycle 6/10",
        "deviation-scale=hold=4   0/2            cycle 1/10",
      ])
    #expect(
      board.lines(width: 40, height: 24, rest: 61)[...2] == [
        "1/4 finished, ends in 1:01", "cell         runs  accuracy  running",
        "deviation-…   1/2   45.00 %  cycle 6/10",
      ])
  }

  @Test("the rest follows from the speed of a run, of its cell, or of all; jobs share it")
  func rest() throws {
    // 5 cycles of 10 s; and 20 cycles at the mean of all, 10 s.
    #expect(board.rest(jobs: 1) == 250)
    #expect(board.rest(jobs: 2) == 125)
    // A run is not divided.
    #expect(board.rest(jobs: 4) == 100)
    var fast = board
    fast.runs[2] = run("hold=4", .running, 5, 0.3, seconds: 5)
    let rest = try #require(fast.rest(jobs: 1))
    #expect(abs(rest - 65) < 1e-9)
    #expect(
      SweepBoard(name: "s", figure: .trainingLoss, runs: [run("a", .waiting, 0)]).rest(jobs: 1)
        == nil)
  }

  @Test("cycles with larger minibatches take longer, in the order of the plan")
  func growing() throws {
    var plan = SmallRun.plan { $0.cycles = 4 }
    plan.options.batchSize = try #require(BatchSchedule("1:3,4"))
    let work = ProgressEstimate(plan, try StageGraph(SmallRun.architecture)).work
    #expect(work.count == 4 && work[0] > 0)
    #expect(work.map { $0 / work[0] } == [1, 1, 1, 4])
    let board = SweepBoard(
      name: "s", figure: .trainingLoss,
      runs: [run("a", .running, 1, seconds: 10, work: work), run("a", .waiting, 0, work: work)])
    #expect(board.rest(jobs: 1) == 130)
  }

  @Test("the rows of metrics.csv are read by their names, without what is not whole")
  func metrics() throws {
    let directory = try TemporaryDirectory()
    let history = try #require(try SmallRun.boundaries().last).history
    var log = MetricsLog(path: directory("metrics.csv"))
    try log.rewrite(history)
    let rows = MetricsLog.rows(at: directory("metrics.csv"))
    #expect(rows.map { $0["cycle"] } == [1, 2] && rows[1]["test_accuracy"] == 0.75)
    #expect(rows[0]["validation_accuracy"] == nil && rows[0]["seconds"] == 1)
    let content = try text(directory("metrics.csv"))
    try directory.write(content.dropLast(3).utf8, to: "part.csv")
    #expect(MetricsLog.rows(at: directory("part.csv")).count == 1)
    try directory.write("a,b\n1,2\n".utf8, to: "other.csv")
    #expect(MetricsLog.rows(at: directory("other.csv")).isEmpty)
    #expect(MetricsLog.rows(at: directory("none.csv")).isEmpty)
  }

  // MARK: Long cycles

  private final class Output: Sendable {
    let text = Mutex("")
    let now = Mutex(0.0)

    func console(isLive: Bool) -> ProgressConsole {
      ProgressConsole(
        isLive: isLive, width: { 40 },
        write: { [self] text in
          self.text.withLock { $0 += text }
          return true
        }, elapsed: { [self] in now.withLock { $0 } })
    }

    var lines: [String] { text.withLock { $0.split(separator: "\n").map(String.init) } }
  }

  /// Reports a cycle whose steps take some seconds each.
  private func cycle(_ output: Output, isLive: Bool, quiet: Bool = false, seconds: Double) throws {
    let plan = SmallRun.plan()
    let graph = try StageGraph(SmallRun.architecture)
    let reporter = ProgressReporter(
      plan: plan, graph: graph, quiet: quiet, stamp: LineStamp(hasTime: false),
      console: output.console(isLive: isLive))
    let checkpoint = try #require(try SmallRun.boundaries().last)
    var search = try Search(plan: plan, state: SmallRun.checkpoint().state) { parameters in
      try SmallRun.evaluator(
        SmallRun.architecture,
        Samples(SmallRun.dataset.training, normalization: plan.normalization),
        parameters, plan.numericPath)
    }
    var steps = 0
    var isFinished = false
    while !isFinished {
      let outcome = try search.step(
        shouldStop: { false },
        observe: { step in
          output.now.withLock { $0 += seconds }
          steps += 1
          reporter.watch(.stepFinished(step, steps: steps))
        })
      if case .cycleFinished = outcome { isFinished = true }
    }
    reporter.watch(.cycleFinished(checkpoint.history[0], best: checkpoint.history[0]))
    #expect(steps == SmallRun.stepsInCycle)
  }

  @Test("without a terminal a long cycle has a line a minute, a short one none")
  func minutes() throws {
    let long = Output()
    try cycle(long, isLive: false, seconds: 10)
    // 33 steps of 10 s: after 60, 120, 180, 240 and 300 s, and at the end.
    #expect(long.lines.count == 6, "\(long.lines)")
    #expect(long.lines[0].hasPrefix("cycle 1/2  ") && long.lines[0].hasSuffix("%") == false)
    #expect(long.lines.dropLast().allSatisfy { $0.firstRange(of: "steps/s") != nil })
    #expect(long.lines[5].hasPrefix("cycle 1/2  loss "))
    let short = Output()
    try cycle(short, isLive: false, seconds: 1.8)
    #expect(short.lines.count == 1)
    let quiet = Output()
    try cycle(quiet, isLive: false, quiet: true, seconds: 10)
    #expect(quiet.lines.isEmpty)
  }

  @Test("on a terminal the line is drawn again, and erased before a lasting line")
  func live() throws {
    let output = Output()
    try cycle(output, isLive: true, seconds: 10)
    let parts = output.text.withLock { $0 }.split(separator: "\r\u{1B}[J").map(String.init)
    #expect(parts.count > 30 && parts.dropLast().allSatisfy { $0.count < 40 })
    #expect(parts.last?.hasPrefix("cycle 1/2  loss ") == true)
    #expect(output.lines.count == 1)
  }

  @Test(
    "a flat loss that stalls is told, with a tie-break where the task has one",
    arguments: [(LearningTask.classification, true), (.multiLabel, true), (.regression, false)])
  func stalls(task: LearningTask, hasTieBreak: Bool) throws {
    var plan = SmallRun.plan()
    (plan.data.task, plan.options.loss) = (task, .program)
    let output = Output()
    let reporter = ProgressReporter(
      plan: plan, graph: try StageGraph(SmallRun.architecture), quiet: false,
      stamp: LineStamp(hasTime: false), console: output.console(isLive: false))
    let record = CycleRecord(
      cycle: 1, trainingLoss: 0.5, test: nil, evaluations: 100, seconds: 1, deviations: [1],
      tallies: [StepTally(kept: 99, plus: 1)])
    reporter.watch(.cycleFinished(record, best: record))
    let warning = output.lines.last ?? ""
    #expect(warning.contains("most changes leave the loss as it is"))
    #expect(warning.contains("--tie-break cross-entropy") == hasTieBreak)
  }

  @Test("times have the form of ISO 8601")
  func instants() {
    #expect(Numbers.instant(0) == "1970-01-01T00:00:00Z")
    #expect(Numbers.instant(1_795_979_727.9) == "2026-11-29T19:15:27Z")
    #expect(Numbers.instant(.infinity) == "-" && Numbers.instant(-1) == "1969-12-31T23:59:59Z")
  }
}
