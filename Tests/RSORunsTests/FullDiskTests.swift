import Foundation
import RSOCheckpoints
import RSORuns
import RSOSystem
import Synchronization
import TestSupport
import Testing

/// A disk that can be full.
final class FullableDisk: Sendable {
  let isFull = Mutex(false)

  var calls: FileCalls {
    var calls = FileCalls.system
    calls.write = { [self] descriptor, bytes in
      guard isFull.withLock({ $0 }) else { return FileCalls.system.write(descriptor, bytes) }
      errno = ENOSPC
      return -1
    }
    return calls
  }
}

@Suite("A full disk")
struct FullDiskTests {
  let temporary: TemporaryDirectory
  let disk = FullableDisk()

  init() throws { temporary = try TemporaryDirectory() }

  @Test("training goes on without space, and what is owed is written when there is some")
  func passing() throws {
    var harness = RunHarness(
      directory: temporary("run"), plan: SmallRun.plan { $0.cycles = 3 }, calls: disk.calls)
    let last = RunPaths(directory: harness.directory).last
    harness.onStep = { [disk] steps in
      if steps == 20 { disk.isFull.withLock { $0 = true } }
      if steps == 65 {
        // The file of before is there, and good.
        #expect((try? CheckpointReader.read(last).checkpoint.state.cursor.cycle) == 0)
      }
      if steps == 80 { disk.isFull.withLock { $0 = false } }
    }
    let result = try harness.train()
    #expect(result.outcome == .finished)
    #expect(
      result.events == [
        "saved", "cycle 1", "metrics failed", "failed, again in 5.0", "failed, again in 10.0",
        "failed, again in 20.0", "cycle 2", "metrics failed", "failed, again in 40.0", "cycle 3",
        "saved",
      ])
    let paths = RunPaths(directory: harness.directory)
    #expect(paths.cycles() == [0, 3])
    let history = try harness.newest().checkpoint.history
    #expect(try text(paths.metrics).split(separator: "\n").count == 4)
    let best = try CheckpointReader.read(paths.best).checkpoint
    #expect(best.history.last?.trainingLoss == history.map(\.trainingLoss).min())
    #expect(try !temporary.names(in: "run").contains { $0.hasSuffix(".tmp") })
  }

  @Test("a cycle's end that could not be saved is saved inside the next cycle")
  func owed() throws {
    var harness = RunHarness(directory: temporary("run"), calls: disk.calls)
    harness.onStep = { [disk] steps in
      if steps == 20 { disk.isFull.withLock { $0 = true } }
      if steps == 34 { disk.isFull.withLock { $0 = false } }
    }
    let result = try harness.train()
    #expect(
      result.events == [
        "saved", "cycle 1", "metrics failed", "failed, again in 5.0", "saved", "cycle 2", "saved",
      ])
    let paths = RunPaths(directory: harness.directory)
    #expect(paths.cycles() == [0, 1, 2])
    let first = try CheckpointReader.read(paths.cycle(1)).checkpoint
    #expect(first.isCycleEnd && first.state.cursor.cycle == 1 && first.statistics != nil)
  }

  @Test("a run that ends unsaved says so, and leaves what was saved before", arguments: [50, nil])
  func unsaved(interruptAfter: Int?) throws {
    var harness = RunHarness(directory: temporary("run"), calls: disk.calls)
    harness.interruptAfter = interruptAfter
    harness.onStep = { [disk] steps in
      if steps == 40 { disk.isFull.withLock { $0 = true } }
    }
    var caught: RunError?
    do { _ = try harness.train() } catch let error as RunError { caught = error }
    guard case .endedUnsaved(let path, let reason) = caught else {
      Issue.record("\(String(describing: caught))")
      return
    }
    #expect(path == harness.directory && reason.contains("no space left on device"))
    #expect(try harness.newest().checkpoint.state.cursor.cycle == 1)
    disk.isFull.withLock { $0 = false }
    harness.interruptAfter = nil
    harness.onStep = { _ in }
    #expect(try harness.resume().outcome == .finished)
  }
}
