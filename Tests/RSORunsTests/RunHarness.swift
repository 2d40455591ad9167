import Foundation
import RSOCheckpoints
import RSODatasets
import RSORuns
import RSOSearch
import RSOSystem
import Synchronization
import TestSupport

/// A clock that goes on by a second a step, as the harness counts them.
final class StepClock: Sendable {
  private let seconds = Mutex(0.0)

  var clock: RunClock {
    RunClock(
      elapsed: { self.seconds.withLock { $0 } }, date: { self.seconds.withLock { $0 + 5000 } })
  }

  func tick() { seconds.withLock { $0 += 1 } }
}

/// Trains in a directory, fresh or from what is there, and notes what happens.
struct RunHarness {
  var directory: String
  var plan = SmallRun.plan()
  var dataset = SmallRun.dataset
  var settings = RunSettings()
  var calls = FileCalls.system
  /// Steps after which a signal arrives; nil: none.
  var interruptAfter: Int?
  /// Called after each step with the number of steps done by this run.
  var onStep: (Int) -> Void = { _ in }

  struct Result {
    var outcome: TrainingRun.Outcome
    var events: [String] = []
    var steps = 0
  }

  /// Gives the run a validation set, and a plan for the data with it.
  mutating func validate(
    on validation: SampleSet, _ change: (inout SearchOptions) -> Void
  ) {
    dataset.validation = validation
    plan = SmallRun.plan(on: dataset, change)
  }

  func train() throws -> Result {
    try run(RunDirectory.create(at: directory), SmallRun.checkpoint(plan))
  }

  func resume(extend: (Checkpoint) throws -> SearchPlan = { $0.plan }) throws -> Result {
    let opened = try RunDirectory.open(at: directory)
    let newest = try CheckpointStore(paths: opened.paths).newest()
    var checkpoint = try newest.stored.resumed(in: SmallRun.environment)
    checkpoint.plan = try extend(checkpoint)
    return try run(opened, checkpoint)
  }

  private func run(
    _ opened: consuming RunDirectory, _ checkpoint: Checkpoint
  ) throws -> Result {
    let clock = StepClock()
    final class Log {
      var events: [String] = []
      var steps = 0
    }
    let log = Log()
    var run = try TrainingRun(
      checkpoint: checkpoint, dataset: dataset, directory: opened, settings: settings,
      clock: clock.clock, calls: calls, makeEvaluator: SmallRun.evaluator,
      interruption: { log.steps == interruptAfter ? 15 : nil },
      observe: { event in
        switch event {
        case .stepFinished:
          log.steps += 1
          clock.tick()
          onStep(log.steps)
        case .cycleFinished(let record, _): log.events.append("cycle \(record.cycle)")
        case .saved: log.events.append("saved")
        case .savedInPart: log.events.append("saved in part")
        case .saveFailed(_, let wait): log.events.append("failed, again in \(wait)")
        case .fewerThreads: log.events.append("fewer threads")
        case .metricsFailed: log.events.append("metrics failed")
        }
      })
    return Result(outcome: try run.run(), events: log.events, steps: log.steps)
  }

  /// What the directory's newest checkpoint holds.
  func newest() throws -> SealedCheckpoint {
    try CheckpointStore(paths: RunPaths(directory: directory)).newest().stored
  }
}
