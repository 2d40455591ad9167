import RSONetworks
import RSORuns
import RSOSearch
import Synchronization

/// Shows the progress of a sweep on standard error: a live picture on a terminal, otherwise lines.
///
/// A class that is safe to use from any thread: each job has one.
final class SweepDisplay: Sendable {
  private struct State {
    var block = LiveBlock()
    var lines: [String] = []
    /// The rows of `metrics.csv` of runs that have ended.
    var ended: [Int: SweepBoard.Run] = [:]
    /// The work of each cycle of a run, by the run's index.
    var work: [Int: [Double]] = [:]
    /// Finished cycles at the last estimate, and when the sweep ends by it.
    var cycles = -1
    var end: Double?
  }

  /// True if the picture is drawn, so that no lines tell the same.
  let isLive: Bool
  private let name: String
  private let jobs: Int
  private let stamp: LineStamp
  private let state = Mutex(State())

  init(name: String, jobs: Int, isQuiet: Bool, stamp: LineStamp) {
    self.name = name
    self.jobs = jobs
    self.stamp = stamp
    isLive = !isQuiet && Terminal.isInteractive
  }

  /// Writes a line that stays. Returns false if its reader has gone away.
  func say(_ line: String) -> Bool {
    state.withLock { state in
      let line = stamp.line(line)
      guard isLive else { return StandardStreams.say(line) }
      let width = Terminal.width
      let text =
        state.block.erasing(width: width) + line + "\n"
        + state.block.drawing(state.lines, width: width)
      return StandardStreams.say(text, terminator: "")
    }
  }

  /// Draws the picture again.
  ///
  /// - Parameter running: Indices of runs that have a process.
  ///
  /// - Returns: False if the reader has gone away.
  func draw(_ runs: [SweepRun], running: Set<Int>, stopped: Set<Int>) -> Bool {
    guard isLive else { return true }
    return state.withLock { state in
      let board = board(runs, running, stopped, &state)
      let now = RunClock.system.elapsed()
      let cycles = board.runs.reduce(0) { $0 + $1.cycle }
      if cycles != state.cycles {
        (state.cycles, state.end) = (cycles, board.rest(jobs: jobs).map { now + $0 })
      }
      let width = Terminal.width
      state.lines = board.lines(
        width: width, height: Terminal.height, rest: state.end.map { max(0, $0 - now) })
      return StandardStreams.say(
        state.block.drawing(state.lines, width: width), terminator: "")
    }
  }

  /// Removes the picture.
  func erase() {
    state.withLock { state in
      let text = state.block.erasing(width: Terminal.width)
      if !text.isEmpty { StandardStreams.say(text, terminator: "") }
      state.lines = []
    }
  }

  private func board(
    _ runs: [SweepRun], _ running: Set<Int>, _ stopped: Set<Int>, _ state: inout State
  ) -> SweepBoard {
    let figure = Self.figure(runs)
    let shown = runs.indices.map { index in
      if let known = state.ended[index] { return known }
      let run = runs[index]
      let hasBegun = running.contains(index) || run.checkpoint != nil
      let rows = hasBegun ? MetricsLog.rows(at: RunPaths(directory: run.path).metrics) : []
      let work = state.work[index] ?? Self.work(of: run.plan)
      state.work[index] = work
      let shown = SweepBoard.Run(
        cell: run.cell.name,
        state: running.contains(index)
          ? .running : run.isFinished ? .finished : stopped.contains(index) ? .stopped : .waiting,
        cycle: rows.count, cycles: run.plan.options.cycles,
        figure: rows.last?[figure.rawValue],
        seconds: rows.reduce(0) { $0 + ($1["seconds"] ?? 0) },
        workDone: work.prefix(rows.count).reduce(0, +),
        workLeft: work.dropFirst(rows.count).reduce(0, +))
      if shown.state == .finished || shown.state == .stopped { state.ended[index] = shown }
      return shown
    }
    return SweepBoard(name: name, figure: figure, runs: shown)
  }

  private static func work(of plan: SearchPlan) -> [Double] {
    guard let graph = try? StageGraph(plan.architecture) else { return [] }
    return ProgressEstimate(plan, graph).work
  }

  /// The figure that all runs have: that of the validation set, if there is one.
  private static func figure(_ runs: [SweepRun]) -> SweepBoard.Figure {
    let plans = runs.map(\.plan)
    let areValidated = plans.allSatisfy { $0.data.validationCount != nil }
    let areClasses = plans.allSatisfy { $0.data.learningTask == .classification }
    let areTested = plans.allSatisfy { $0.data.testCount > 0 }
    switch (areValidated, areClasses) {
    case (true, true): return .validationAccuracy
    case (true, false): return .validationLoss
    case (false, true): return areTested ? .testAccuracy : .trainingLoss
    case (false, false): return .trainingLoss
    }
  }
}
