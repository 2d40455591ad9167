import RSOCheckpoints
import RSORuns
import RSOSystem
import TestSupport
import Testing

@Suite("Pauses of runs")
struct RunPauseTests {
  /// The states at the ends of 40 cycles of a second each. The run pauses for `pause` seconds after each of these
  /// cycles, and is then resumed.
  private func states(pausesAfter cycles: [Int], pause: Double = 100) throws -> [Checkpoint] {
    let ends = try SmallRun.boundaries(SmallRun.plan { $0.cycles = 40 }).filter(\.isCycleEnd)
    var date = 1000.0
    return ends.enumerated().map { cycle, end in
      var end = end
      end.provenance.created = 1000
      if cycle > 0 { date += 1 + (cycles.contains(cycle - 1) ? pause : 0) }
      end.provenance.saved = date
      end.provenance.resumes = cycles.count { $0 < cycle }
      end.provenance.runID = ends[0].provenance.runID
      return end
    }
  }

  private func pauses(_ states: [Checkpoint], keeping kept: (Int) -> Bool = { _ in true }) throws
    -> [RunPause]
  {
    let directory = try TemporaryDirectory()
    let paths = RunPaths(directory: directory.path)
    for (cycle, state) in states.enumerated() where kept(cycle) {
      try DurableFile.write(try CheckpointWriter.encode(state), to: paths.cycle(cycle))
    }
    return RunPause.all(in: paths, until: try #require(states.last))
  }

  @Test(
    "each pause is found with its cycle and its length",
    arguments: [[], [0], [17], [39], [3, 4], [1, 20, 38]])
  func found(cycles: [Int]) throws {
    let found = try pauses(states(pausesAfter: cycles))
    #expect(
      found == cycles.map { RunPause(cycles: ($0 + 1)...($0 + 1), resumes: 1, seconds: 100) })
  }

  @Test("where checkpoints are missing, the cycles between those that are there are named")
  func missing() throws {
    let states = try states(pausesAfter: [11, 12, 30])
    #expect(
      try pauses(states) { $0 % 10 == 0 } == [
        RunPause(cycles: 11...20, resumes: 2, seconds: 200),
        RunPause(cycles: 31...40, resumes: 1, seconds: 100),
      ])
    #expect(
      try pauses(states) { _ in false } == [
        RunPause(cycles: 1...40, resumes: 3, seconds: 300)
      ])
  }

  @Test("a file of another run is not believed")
  func foreign() throws {
    var states = try states(pausesAfter: [11])
    for cycle in 0..<40 { states[cycle].provenance.runID = String(repeating: "0", count: 32) }
    #expect(
      try pauses(states) == [RunPause(cycles: 1...40, resumes: 1, seconds: 100)])
  }
}
