import RSONetworks
import RSORuns
import RSOSearch

/// Reports the progress of a run on standard error: one live line on a terminal, and a lasting line for
/// each finished cycle. Without a terminal, a long cycle has a line about every minute.
///
/// A class, because the run calls back into it from several places. Used by one thread.
package final class ProgressReporter {
  /// The shortest time between two drawings of the live line.
  private static let interval = 0.1
  /// Seconds without a line after which a run without a terminal tells where it is.
  private static let silence = 60.0

  private let layout: ParameterLayout
  private let cycles: Int
  private let isQuiet: Bool
  private let stamp: LineStamp
  private let console: ProgressConsole
  private let isLive: Bool

  private var estimate: ProgressEstimate
  private var step: SearchStep?
  /// Steps of `step`'s layer that the estimate has not seen yet, and when the first began.
  private var unseen = 0
  private var since: Double
  private var lastStep: Double?
  private var lastLine: Double
  /// Figures of the cycle under way, as far as this process has searched it.
  private var steps = 0
  private var changes = 0
  private var lossSum = 0.0
  private var comparisons = 0
  private var block = LiveBlock()
  /// False once the reader of standard error has gone away.
  private(set) package var isHeard = true

  /// The share of steps with a change below which a flat loss is said to stall. With a loss that is not flat it
  /// is 30 to 70 %.
  private static let fewChanges = 0.05
  /// True if the plan has a loss that counts answers, and nothing decides between equal ones.
  private let isFlat: Bool
  /// True if a tie-break can help: numbers have no cross entropy.
  private let hasTieBreak: Bool
  private var hasWarnedOfFlatness = false

  package init(
    plan: SearchPlan, graph: StageGraph, quiet: Bool, stamp: LineStamp, console: ProgressConsole
  ) {
    isFlat = plan.options.loss.isFlat && plan.options.tieBreak == .none
    hasTieBreak = plan.data.learningTask != .regression
    layout = graph.layout
    cycles = plan.options.cycles
    isQuiet = quiet
    self.stamp = stamp
    self.console = console
    isLive = !quiet && console.isLive
    estimate = ProgressEstimate(plan, graph)
    since = console.elapsed()
    lastLine = since
  }

  /// Writes a line, even with `--quiet`.
  func warn(_ text: String) {
    erase()
    hear(console.write(stamp.line(text) + "\n"))
    lastLine = console.elapsed()
  }

  /// Writes a line, unless `--quiet` was given.
  func say(_ text: String) {
    if !isQuiet { warn(text) }
  }

  package func watch(_ event: TrainingEvent) {
    switch event {
    case .stepFinished(let step, _):
      finished(step)
    case .cycleFinished(let record, _):
      finished(record)
    case .saved:
      break
    case .saveFailed(let reason, let wait):
      warn("warning: \(reason); training continues; next attempt in \(Numbers.duration(wait))")
    case .savedInPart(_, let missing):
      warn("warning: \(missing)")
    case .fewerThreads(let shortage):
      warn("warning: \(shortage)")
    case .metricsFailed(let reason):
      warn("warning: \(reason); the next row will be written with this one")
    }
  }

  private func finished(_ step: SearchStep) {
    let now = console.elapsed()
    if let last = self.step, last.cursor.layer == step.cursor.layer {
      unseen += 1
    } else {
      // Before a layer's first step its input is prepared, and in a new cycle the network is evaluated.
      note(at: lastStep)
      if let lastStep {
        estimate.observeBeginning(layer: step.cursor.layer, seconds: now - lastStep)
      }
      since = now
    }
    self.step = step
    lastStep = now
    steps += 1
    changes += step.choice == .kept ? 0 : 1
    if let loss = step.loss {
      lossSum += loss
      comparisons += 1
    }
    if now - since >= Self.interval { note(at: now) }
    if !isLive, now - lastLine >= Self.silence { say(line(step).text(width: .max)) }
  }

  private func finished(_ record: CycleRecord) {
    note(at: lastStep)
    let kept = record.tallies.reduce(0) { $0 + $1.kept }
    let all = record.tallies.reduce(0) { $0 + $1.steps }
    // Without times of steps, as with proposals of whole layers, later cycles are taken to be as long.
    let rest =
      estimate.restOfRun(from: record.cycle) ?? Double(cycles - record.cycle) * record.seconds
    say(
      "cycle \(record.cycle)/\(cycles)  loss \(Numbers.loss(record.trainingLoss))  "
        + Self.text(record.validation, of: "validation") + Self.text(record.test, of: "test")
        + "changed \(Numbers.fixed(1 - Double(kept) / Double(max(all, 1)), 2))  "
        + "\(Numbers.fixed(record.seconds, 1)) s"
        + (rest > 0 ? "  run ends in \(Numbers.duration(rest))" : ""))
    if isFlat, !hasWarnedOfFlatness, Double(all - kept) < Self.fewChanges * Double(all) {
      hasWarnedOfFlatness = true
      warn(
        "warning: \(Numbers.percent(1 - Double(kept) / Double(max(all, 1)))) of the steps changed a weight: "
          + "most changes leave the loss as it is"
          + (hasTieBreak ? "; a tie-break may help: --tie-break cross-entropy" : ""))
    }
    (steps, changes, lossSum, comparisons) = (0, 0, 0, 0)
    step = nil
  }

  /// The figures of a set, as a part of a cycle's line.
  private static func text(_ score: SetScore?, of set: String) -> String {
    guard let score else { return "" }
    return "\(set) loss \(Numbers.loss(score.loss))  "
      + (score.accuracy.map { "\(set) accuracy \(Numbers.percent($0))  " } ?? "")
  }

  /// Removes the live line.
  package func erase() {
    let text = block.erasing(width: console.width())
    if !text.isEmpty { hear(console.write(text)) }
  }

  /// Passes the latest steps to the estimate and draws the line again.
  private func note(at now: Double?) {
    guard let now, let step, unseen > 0 else { return }
    estimate.observe(
      layer: step.cursor.layer, cycle: step.cursor.cycle, count: unseen,
      seconds: now - since)
    (unseen, since) = (0, now)
    guard isLive else { return }
    let width = console.width()
    hear(console.write(block.drawing([line(step).text(width: width - 1)], width: width)))
  }

  private func line(_ step: SearchStep) -> ProgressLine {
    let layer = layout.layers[step.cursor.layer]
    let done = step.ordinal + 1
    let (layerIndex, cycle) = (step.cursor.layer, step.cursor.cycle)
    let restOfCycle = estimate.restOfCycle(layer: layerIndex, done: done, cycle: cycle)
    let restOfRun = restOfCycle.flatMap { rest in
      estimate.restOfRun(from: cycle + 1).map { rest + $0 }
    }
    return ProgressLine(
      cycle: step.cursor.cycle + 1, cycles: cycles, layer: layer.name, done: done,
      total: layer.parameterCount,
      stepsPerSecond: estimate.stepsPerSecond(layer: layerIndex, cycle: cycle),
      changed: Double(changes) / Double(steps), loss: lossSum / Double(max(1, comparisons)),
      restOfCycle: restOfCycle, restOfRun: restOfRun)
  }

  private func hear(_ isHeard: Bool) {
    if !isHeard { self.isHeard = false }
  }
}
