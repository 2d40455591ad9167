import Foundation
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("TrainingRun")
struct TrainingRunTests {
  let temporary: TemporaryDirectory

  init() throws { temporary = try TemporaryDirectory() }

  /// Records without what a clock decides.
  private func timeless(_ history: [CycleRecord]) -> [CycleRecord] {
    history.map {
      var record = $0
      record.seconds = 0
      return record
    }
  }

  @Test("a run fills its directory, cycle by cycle")
  func fresh() throws {
    let harness = RunHarness(directory: temporary("run"))
    let result = try harness.train()
    #expect(result.outcome == .finished && result.steps == 66)
    #expect(result.events == ["saved", "cycle 1", "saved", "cycle 2", "saved"])
    #expect(
      try temporary.names(in: "run") == [
        "best.h5", "ckpt-000000.h5", "ckpt-000001.h5", "ckpt-000002.h5", "last-copy.h5",
        "last.h5", "lock", "metrics.csv",
      ])
    let end = try harness.newest().checkpoint
    #expect(end.state.cursor == SearchCursor(cycle: 2, layer: 1, neuron: 0))
    #expect(end.history.map(\.cycle) == [1, 2] && end.history.map(\.seconds) == [33, 33])
    #expect(end.statistics != nil && end.provenance.resumes == 0)
    let paths = RunPaths(directory: harness.directory)
    #expect(try Data(contentsOf: url(paths.last)) == Data(contentsOf: url(paths.cycle(2))))
    #expect(try CheckpointReader.read(paths.cycle(0)).checkpoint.state.cursor.cycle == 0)
  }

  /// Has no finite loss to offer after a number of comparisons.
  private static func exhausted(
    _ evaluator: any Evaluator, after comparisons: Int
  ) -> AlteredEvaluator {
    var left = comparisons
    return AlteredEvaluator(
      evaluator,
      changeLosses: { losses in
        left -= 1
        return left >= 0 ? losses : [.nan, .infinity, .nan]
      })
  }

  @Test("a run that has no finite loss left stops, names layer and cycle, and keeps what it had")
  func notFinite() throws {
    let directory = try RunDirectory.create(at: temporary("run"))
    let paths = directory.paths
    var run = try TrainingRun(
      checkpoint: SmallRun.checkpoint(), dataset: SmallRun.dataset, directory: directory,
      makeEvaluator: { Self.exhausted(try SmallRun.evaluator($0, $1, $2, $3), after: 40) })
    var caught: SearchError?
    do { _ = try run.run() } catch let error as SearchError { caught = error }
    #expect(caught == .lossNotFinite(layer: "fc", cycle: 2))
    // 33 steps are a cycle; the neuron of the 41st began with the 40th.
    let cursor = try CheckpointReader.read(paths.last).checkpoint.state.cursor
    #expect(cursor == SearchCursor(cycle: 1, layer: 1, neuron: 2))
  }

  private func url(_ path: String) -> URL { URL(fileURLWithPath: path) }

  @Test(
    "a run that signals interrupt again and again ends as one that none did",
    arguments: Batching.allCases)
  func interrupted(batching: Batching) throws {
    let plan = SmallRun.plan { $0.batching = batching }
    let whole = RunHarness(directory: temporary("whole"), plan: plan)
    _ = try whole.train()
    for stops in [[0], [1], [2, 3], [12, 14], [32], [33], [34], [40, 20, 5], [65]] {
      var harness = RunHarness(directory: temporary("run-\(stops)"), plan: plan)
      harness.interruptAfter = stops[0]
      #expect(try harness.train().outcome == .interrupted(signal: 15))
      for stop in stops.dropFirst() {
        harness.interruptAfter = stop
        #expect(try harness.resume().outcome == .interrupted(signal: 15))
      }
      harness.interruptAfter = nil
      #expect(try harness.resume().outcome == .finished)
      let (expected, found) = (try whole.newest(), try harness.newest())
      #expect(found.stateSHA256 == expected.stateSHA256, "\(stops)")
      #expect(found.checkpoint.state == expected.checkpoint.state)
      #expect(found.checkpoint.statistics == expected.checkpoint.statistics)
      #expect(timeless(found.checkpoint.history) == timeless(expected.checkpoint.history))
      #expect(found.checkpoint.provenance.resumes == stops.count)
    }
  }

  @Test("what a killed run leaves leads to the same end", arguments: [1, 7, 20, 33, 34, 50, 65])
  func killed(afterSteps stop: Int) throws {
    var harness = RunHarness(directory: temporary("run"))
    harness.settings.saveInterval = 6
    // The directory as it is at some moment of the run is what a kill at that moment leaves.
    let killed = temporary("killed")
    harness.onStep = { steps in
      if steps == stop {
        try? FileManager.default.copyItem(atPath: harness.directory, toPath: killed)
      }
    }
    _ = try harness.train()
    try Data("half".utf8).write(to: url(killed + "/.rso-0123456789abcdef.tmp"))
    let resumed = RunHarness(directory: killed)
    #expect(try resumed.resume().outcome == .finished)
    #expect(try resumed.newest().stateSHA256 == harness.newest().stateSHA256)
    #expect(try !temporary.names(in: "killed").contains { $0.hasSuffix(".tmp") })
  }

  @Test("a run inside a cycle is saved at neuron boundaries, when the interval is over")
  func saveInterval() throws {
    var harness = RunHarness(directory: temporary("run"))
    harness.settings.saveInterval = 10
    var cursors: [SearchCursor] = []
    let last = RunPaths(directory: harness.directory).last
    harness.onStep = { steps in
      guard let cursor = try? CheckpointReader.read(last).checkpoint.state.cursor else { return }
      if cursor != cursors.last { cursors.append(cursor) }
    }
    _ = try harness.train()
    // Neurons end after 3, 6, 9, 19, 29, 30, 31, 32 and 33 steps, a step takes a second.
    #expect(
      cursors.filter { $0.cycle == 0 } == [
        SearchCursor(cycle: 0, layer: 1, neuron: 0), SearchCursor(cycle: 0, layer: 0, neuron: 1),
        SearchCursor(cycle: 0, layer: 0, neuron: 2),
      ])
  }

  @Test("a resumed run says where it comes from, and its cycle's seconds go on")
  func provenance() throws {
    var harness = RunHarness(directory: temporary("run"))
    harness.interruptAfter = 40
    _ = try harness.train()
    let interrupted = try harness.newest()
    // 40 steps are three neurons and half of a fourth: the boundary is at 39.
    #expect(interrupted.checkpoint.state.cursor == SearchCursor(cycle: 1, layer: 1, neuron: 2))
    #expect(interrupted.checkpoint.statistics == nil)
    harness.interruptAfter = nil
    _ = try harness.resume()
    let end = try harness.newest().checkpoint
    #expect(end.provenance.runID == interrupted.checkpoint.provenance.runID)
    #expect(end.provenance.resumedFrom == interrupted.userBlock.sha256)
    #expect(end.provenance.resumes == 1 && end.provenance.created == 1000)
    #expect(
      end.history[1].seconds
        == interrupted.checkpoint.provenance.secondsInCycle
        + Double(33 - interrupted.checkpoint.state.tallies.reduce(0) { $0 + $1.steps }))
  }

  @Test("metrics.csv has a header and a row a cycle, however often the run is taken up again")
  func metrics() throws {
    var harness = RunHarness(directory: temporary("run"))
    harness.interruptAfter = 50
    _ = try harness.train()
    let path = RunPaths(directory: harness.directory).metrics
    // Rows that a later kill would have left behind.
    try (text(path) + "2,0,0,0,0,0,0,0,0,0\n3,0,").write(
      toFile: path, atomically: false, encoding: .utf8)
    harness.interruptAfter = nil
    _ = try harness.resume()
    let lines = try text(path).split(separator: "\n", omittingEmptySubsequences: false)
    let history = try harness.newest().checkpoint.history
    #expect(lines.count == 4 && lines[0] == MetricsLog.header && lines[3].isEmpty)
    for (line, record) in zip(lines[1...2], history) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let accuracy = try #require(record.test?.accuracy)
      #expect(fields.count == 11 && fields[0] == "\(record.cycle)")
      #expect(fields[1] == "\(record.trainingLoss)" && fields[5] == "\(accuracy)")
      #expect(fields[2].isEmpty && fields[3].isEmpty)
      #expect(fields[8...].compactMap { Int($0) }.reduce(0, +) == 33)
    }
  }

  @Test("without a validation set, best.h5 is the cycle of the lowest training loss")
  func best() throws {
    let harness = RunHarness(
      directory: temporary("run"),
      plan: SmallRun.plan {
        $0.cycles = 6
        $0.batchSize = 13
      })
    _ = try harness.train()
    let history = try harness.newest().checkpoint.history
    let lowest = history.map(\.trainingLoss).min()
    let best = try CheckpointReader.read(RunPaths(directory: harness.directory).best).checkpoint
    #expect(best.history.last == history.first { $0.trainingLoss == lowest })
    #expect(history.last!.trainingLoss < history.first!.trainingLoss)
  }

  @Test("a validation set chooses best.h5, and then no cycle is measured on the test set")
  func validation() throws {
    var harness = RunHarness(directory: temporary("run"))
    harness.validate(on: SmallRun.images(12, stream: 3)) {
      $0.cycles = 6
      $0.batchSize = 13
    }
    _ = try harness.train()
    let newest = try harness.newest()
    let history = newest.checkpoint.history
    #expect(newest.criterion == .validationAccuracy)
    #expect(history.count == 6 && history.allSatisfy { $0.validation != nil && $0.test == nil })
    let highest = history.compactMap { $0.validation?.accuracy }.max()
    let best = try CheckpointReader.read(RunPaths(directory: harness.directory).best).checkpoint
    let equal = history.filter { $0.validation?.accuracy == highest }
    let lowest = equal.compactMap { $0.validation?.loss }.min()
    #expect(best.history.last == equal.first { $0.validation?.loss == lowest })
  }

  @Test("each cycle is measured on the test set too if that is asked for, and chooses the same")
  func testsEachCycle() throws {
    var harness = RunHarness(directory: temporary("once"))
    harness.validate(on: SmallRun.images(12, stream: 3)) { _ in }
    _ = try harness.train()
    var asked = harness
    asked.directory = temporary("each")
    asked.settings.testsEachCycle = true
    _ = try asked.train()
    let (once, each) = (try harness.newest(), try asked.newest())
    #expect(each.checkpoint.history.count == 2)
    #expect(each.checkpoint.history.allSatisfy { $0.validation != nil && $0.test != nil })
    #expect(once.checkpoint.history.allSatisfy { $0.test == nil })
    #expect(each.stateSHA256 == once.stateSHA256 && each.criterion == .validationAccuracy)
    #expect(each.checkpoint.best?.cycle == once.checkpoint.best?.cycle)
  }

  @Test("a run ends when its patience does, and is then finished")
  func patience() throws {
    var harness = RunHarness(directory: temporary("run"))
    harness.validate(on: SmallRun.images(3, stream: 3)) {
      $0.cycles = 200
      $0.patience = 2
    }
    #expect(try harness.train().outcome == .finished)
    let end = try harness.newest().checkpoint
    let best = try #require(end.best)
    #expect(end.history.count == best.cycle + 2 && end.history.count < 200 && end.isFinished)
    let result = try harness.resume()
    #expect(result.outcome == .finished && result.steps == 0)
  }

  @Test("superfluous checkpoints go as the run goes on")
  func retention() throws {
    var harness = RunHarness(directory: temporary("run"), plan: SmallRun.plan { $0.cycles = 5 })
    harness.settings.retention = Retention(keepLast: 2, keepEvery: 3)
    _ = try harness.train()
    #expect(RunPaths(directory: harness.directory).cycles() == [0, 3, 4, 5])
  }

  @Test("a finished run is left as it is")
  func finished() throws {
    let harness = RunHarness(directory: temporary("run"))
    _ = try harness.train()
    let before = try harness.newest()
    let result = try harness.resume()
    #expect(result.outcome == .finished && result.steps == 0 && result.events.isEmpty)
    #expect(try harness.newest() == before)
  }

  @Test("an extended run that keeps its schedule is the run that was planned so")
  func extending() throws {
    let harness = RunHarness(directory: temporary("run"))
    _ = try harness.train()
    let result = try harness.resume {
      try $0.plan.extended(to: 3, finished: $0.state.cursor.cycle, .keep)
    }
    #expect(result.outcome == .finished && result.steps == 33)
    let planned = RunHarness(
      directory: temporary("planned"),
      plan: try SmallRun.plan().extended(to: 3, finished: 2, .keep))
    _ = try planned.train()
    #expect(try harness.newest().stateSHA256 == planned.newest().stateSHA256)
  }

  @Test("other data and useless settings are refused")
  func refused() throws {
    var other = RunHarness(directory: temporary("other"))
    other.dataset.training = SmallRun.images(26, stream: 2)
    #expect(throws: DatasetError.self) { try other.train() }
    var settings = RunHarness(directory: temporary("settings"))
    settings.settings.saveInterval = 0
    #expect(throws: RunError.self) { try settings.train() }
    for name in ["other", "settings"] {
      #expect(try temporary.names(in: name) == ["lock"])
    }
  }

  @Test("a run needs no test set", arguments: [nil, SmallRun.images(0, stream: 1)])
  func withoutTestSet(test: SampleSet?) throws {
    var harness = RunHarness(directory: temporary("run"))
    harness.dataset.test = test
    harness.plan = SmallRun.plan(on: harness.dataset)
    #expect(try harness.train().outcome == .finished)
    #expect(try harness.newest().checkpoint.history.allSatisfy { $0.test == nil })
  }

  @Test("the same data under another name is the same data")
  func renamed() throws {
    var harness = RunHarness(directory: temporary("run"))
    harness.dataset.name = "elsewhere"
    #expect(try harness.train().outcome == .finished)
  }
}
