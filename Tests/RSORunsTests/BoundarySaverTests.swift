import Foundation
import RSOCheckpoints
import RSORuns
import RSOSystem
import TestSupport
import Testing

@Suite("BoundarySaver")
struct BoundarySaverTests {
  let temporary: TemporaryDirectory
  let paths: RunPaths
  let boundaries: [Checkpoint]

  init() throws {
    temporary = try TemporaryDirectory()
    paths = RunPaths(directory: temporary.path)
    boundaries = try SmallRun.boundaries()
  }

  private func saver(_ calls: FileCalls = .system) -> BoundarySaver {
    BoundarySaver(
      store: CheckpointStore(paths: paths, calls: calls), checkpoint: boundaries[0],
      clock: RunClock(elapsed: { 0 }, date: { 1234 }))
  }

  @Test("the last boundary is written once, with the time")
  func once() throws {
    let saver = saver()
    saver.reach(boundaries[3])
    #expect(try saver.save() == paths.last)
    let stored = try CheckpointReader.read(paths.last).checkpoint
    #expect(stored.state == boundaries[3].state && stored.provenance.saved == 1234)
    try FileManager.default.removeItem(atPath: paths.last)
    try saver.save()
    #expect(!exists(paths.last))
    saver.reach(boundaries[4])
    try saver.save()
    #expect(try CheckpointReader.read(paths.last).checkpoint.state == boundaries[4].state)
  }

  @Test("a rescue writes the last boundary from another thread, while the run is busy")
  func rescue() async throws {
    let saver = saver()
    saver.reach(boundaries[5])
    let conclusion = try await withCheckedThrowingContinuation { done in
      Thread.detachNewThread { saver.rescue { done.resume(with: $0) } }
    }
    #expect(conclusion.missing == nil)
    #expect(try CheckpointReader.read(conclusion.path).checkpoint.state == boundaries[5].state)
  }

  @Test("a run that has come to its end needs no rescue, and a rescued one no second")
  func concluded() throws {
    for concludes in [true, false] {
      let saver = saver()
      if concludes { try saver.conclude() } else { saver.rescue { _ in } }
      var ended = false
      saver.rescue { _ in ended = true }
      #expect(!ended)
    }
  }

  @Test("a rescue that fails says so")
  func failing() {
    let disk = FullableDisk()
    disk.isFull.withLock { $0 = true }
    var result: Result<BoundarySaver.Conclusion, any Error>?
    saver(disk.calls).rescue { result = $0 }
    #expect(throws: RunError.self) { try result?.get() }
  }
}
