import Foundation
import RSOCheckpoints
import RSORuns
import RSOSearch
import RSOSystem
import TestSupport
import Testing

@Suite("The mean of a run's cycles")
struct CycleMeanTests {
  let temporary: TemporaryDirectory
  let store: CheckpointStore
  /// Of the beginning and three cycles.
  let ends: [Checkpoint]

  init() throws {
    temporary = try TemporaryDirectory()
    store = CheckpointStore(paths: RunPaths(directory: temporary.path))
    ends = try SmallRun.boundaries(SmallRun.plan { $0.cycles = 3 }).filter(\.isCycleEnd)
    for end in ends { try write(end) }
  }

  private func write(_ checkpoint: Checkpoint) throws {
    let path = store.paths.cycle(checkpoint.state.cursor.cycle)
    try DurableFile.write(CheckpointWriter.encode(checkpoint), to: path)
  }

  @Test("is that of the newest cycles, taken in double, without statistics", arguments: 1...3)
  func mean(count: Int) throws {
    let mean = try store.mean(ofLast: count)
    let part = ends.suffix(count)
    #expect(mean.cycles == Array((4 - count)...3))
    for (index, value) in mean.checkpoint.state.parameters.enumerated() {
      let sum = part.reduce(0) { $0 + Double($1.state.parameters[index]) }
      #expect(value == Float(sum / Double(count)))
    }
    #expect(mean.checkpoint.statistics == nil)
    #expect(mean.checkpoint.state.cursor == ends[3].state.cursor)
    if count == 1 { #expect(mean.checkpoint.state == ends[3].state) }
  }

  @Test("takes the cycles that are there, and the beginning is none of them")
  func gaps() throws {
    try FileManager.default.removeItem(atPath: store.paths.cycle(2))
    #expect(try store.mean(ofLast: 2).cycles == [1, 3])
    for count in [0, 3] {
      #expect(throws: RunError.tooFewCycles(path: temporary.path, asked: count, there: 2)) {
        try store.mean(ofLast: count)
      }
    }
  }

  @Test("is not taken over two runs")
  func otherRun() throws {
    var other = ends[2]
    other.provenance.runID = "another"
    try write(other)
    #expect(
      throws: RunError.otherRun(path: store.paths.cycle(2), of: store.paths.cycle(3))
    ) { try store.mean(ofLast: 2) }
    #expect(try store.mean(ofLast: 1).cycles == [3])
  }

  @Test("takes only what a file's name says, and says where there is no run to take it of")
  func misnamed() throws {
    try DurableFile.write(CheckpointWriter.encode(ends[1]), to: store.paths.cycle(9))
    for count in [1, 2] {
      #expect(
        throws: RunError.misnamed(
          path: store.paths.cycle(9), position: RunPosition(cycles: 1, steps: 0))
      ) {
        try store.mean(ofLast: count)
      }
    }
    let empty = try TemporaryDirectory()
    #expect(throws: RunError.noRun(path: empty.path)) {
      try CheckpointStore(paths: RunPaths(directory: empty.path)).mean(ofLast: 1)
    }
    // A directory that cannot be looked into may well hold a run.
    try FileManager.default.createSymbolicLink(
      atPath: empty("loop"), withDestinationPath: empty("loop"))
    #expect(
      throws: RunError.system(SystemError(operation: .open, path: empty("loop"), code: ELOOP))
    ) {
      try CheckpointStore(paths: RunPaths(directory: empty("loop"))).newest()
    }
  }

  @Test("of weights that are restricted to a set is none")
  func restricted() throws {
    for end in try SmallRun.boundaries(SmallRun.plan { $0.weights = .binary }) where end.isCycleEnd
    {
      try write(end)
    }
    try FileManager.default.removeItem(atPath: store.paths.cycle(3))
    let error = #expect(throws: RunError.self) { try store.mean(ofLast: 2) }
    #expect(
      "\(try #require(error))"
        == "the weights of '\(temporary.path)' are binary: their mean is not one of the values "
        + "that they can have")
  }
}
