import Foundation
import RSOCheckpoints
import RSONetworks
import RSORuns
import RSOSearch
import TestSupport
import Testing

extension AlteredEvaluator {
  /// Gets a signal, and stays busy, when a cycle's statistics are to be taken.
  fileprivate static func stuck(_ evaluator: any Evaluator) -> AlteredEvaluator {
    AlteredEvaluator(
      evaluator,
      beforeStatistics: {
        kill(getpid(), SIGTERM)
        sleep(60)
      })
  }
}

@Suite("Rescue")
struct RescueTests {
  @Test("a run that is busy when a signal comes still saves its last boundary, and ends in time")
  func stuck() async {
    await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
      for signal in Interruption.signals { Foundation.signal(signal, SIG_DFL) }
      let temporary = try TemporaryDirectory()
      let interruption = Interruption(grace: 0.1)
      try interruption.watch()
      var run = try TrainingRun(
        checkpoint: SmallRun.checkpoint(), dataset: SmallRun.dataset,
        directory: RunDirectory.create(at: temporary("run")),
        makeEvaluator: { try AlteredEvaluator.stuck(SmallRun.evaluator($0, $1, $2, $3)) },
        interruption: { interruption.signal })
      let began = Date()
      interruption.whenUnanswered { [saver = run.saver, directory = temporary.path] signal in
        saver.rescue { result in
          let cursor = try? CheckpointReader.read(result.get().path).checkpoint.state.cursor
          let isRight = cursor == SearchCursor(cycle: 0, layer: 0, neuron: 5)
          try? FileManager.default.removeItem(atPath: directory)
          exit(isRight && Date().timeIntervalSince(began) < 10 ? 128 + signal : 1)
        }
      }
      _ = try run.run()
      exit(2)
    }
  }

  @Test("a signal between two steps stops a run by itself")
  func answered() async {
    await #expect(processExitsWith: .exitCode(128 + SIGUSR1)) {
      for signal in Interruption.signals { Foundation.signal(signal, SIG_DFL) }
      let temporary = try TemporaryDirectory()
      let interruption = Interruption(grace: 60)
      try interruption.watch()
      var steps = 0
      var run = try TrainingRun(
        checkpoint: SmallRun.checkpoint(), dataset: SmallRun.dataset,
        directory: RunDirectory.create(at: temporary("run")),
        makeEvaluator: SmallRun.evaluator, interruption: { interruption.signal },
        observe: { event in
          guard case .stepFinished = event else { return }
          steps += 1
          guard steps == 12 else { return }
          kill(getpid(), SIGUSR1)
          while interruption.signal == nil { usleep(100) }
        })
      guard case .interrupted(let signal) = try run.run() else { exit(1) }
      let cursor = try CheckpointReader.read(temporary("run/last.h5")).checkpoint.state.cursor
      guard cursor == SearchCursor(cycle: 0, layer: 0, neuron: 0) else { exit(2) }
      try FileManager.default.removeItem(atPath: temporary.path)
      exit(128 + signal)
    }
  }
}
