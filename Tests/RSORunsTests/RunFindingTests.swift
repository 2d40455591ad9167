import Foundation
import RSOCheckpoints
import RSORuns
import RSOSearch
import RSOSystem
import TestSupport
import Testing

@Suite("RunFinding")
struct RunFindingTests {
  let temporary: TemporaryDirectory
  let paths: RunPaths
  /// 0 ... 18: nine a cycle.
  let boundaries: [Checkpoint]

  init() throws {
    temporary = try TemporaryDirectory()
    paths = RunPaths(directory: temporary.path)
    boundaries = try SmallRun.boundaries()
  }

  private func write(_ checkpoint: Checkpoint, to path: String) throws {
    try DurableFile.write(CheckpointWriter.encode(checkpoint), to: path)
  }

  private func change(_ path: String, _ edit: (inout Checkpoint) -> Void) throws {
    var checkpoint = try CheckpointReader.read(path).checkpoint
    edit(&checkpoint)
    try write(checkpoint, to: path)
  }

  /// All files of a run that came to its end.
  private func makeRun() throws {
    var store = CheckpointStore(paths: paths)
    for place in [0, 9, 18] { try store.save(boundaries[place]) }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var file: String
    /// Part of the one problem; nil: none.
    var problem: String?
    var edit: @Sendable (inout Checkpoint) -> Void
  }

  static let rows = [
    Row(testDescription: "nothing changed", file: "best.h5", problem: nil) { _ in },
    Row(testDescription: "of another run", file: "last.h5", problem: "are of different runs") {
      $0.provenance.runID = "x"
    },
    Row(testDescription: "another plan", file: "ckpt-000001.h5", problem: "have different plans") {
      var options = $0.plan.options
      options.batchSize = BatchSchedule(options.batchSize.last + 1)
      $0.plan = SearchPlan(
        architecture: $0.plan.architecture, options: options, seed: $0.plan.seed,
        data: $0.plan.data, normalization: $0.plan.normalization)
    },
    Row(
      testDescription: "another state at the same position", file: "last.h5",
      problem: "are at the same position with different states"
    ) { $0.state.parameters[3] += 1 },
    Row(
      testDescription: "another memory", file: "ckpt-000001.h5", problem: "remember cycle 1"
    ) { $0.history[0].trainingLoss += 1 },
    Row(
      testDescription: "another beginning", file: "ckpt-000000.h5",
      problem: "began at different times"
    ) { $0.provenance.created += 1 },
    Row(
      testDescription: "an earlier one resumed more often", file: "ckpt-000000.h5",
      problem: "was resumed less often"
    ) {
      ($0.provenance.resumes, $0.provenance.resumedFrom) = (1, String(repeating: "0", count: 64))
    },
    Row(
      testDescription: "resumed from nothing", file: "last.h5", problem: "resumed 1 times, from no"
    ) { $0.provenance.resumes = 1 },
  ]

  @Test("what does not fit the other checkpoints of its run is named", arguments: rows)
  func lineage(row: Row) throws {
    try makeRun()
    try change(temporary(row.file), row.edit)
    let finding = RunFinding.examine(temporary.path)
    #expect(finding.files.allSatisfy { $0.verdict == .good })
    #expect(finding.verdict == (row.problem == nil ? .good : .damaged))
    if let problem = row.problem {
      #expect(
        finding.problems.contains { $0.contains(problem) && $0.contains(row.file) },
        "\(finding.problems)")
    } else {
      #expect(finding.problems.isEmpty, "\(finding.problems)")
    }
  }

  @Test("threads share the files, and find the same")
  func threads() throws {
    try makeRun()
    try Data("no checkpoint".utf8).write(to: URL(fileURLWithPath: paths.cycle(9)))
    let alone = RunFinding.examine(temporary.path)
    let shared = RunFinding.examine(temporary.path, threads: 3)
    #expect(shared.files.map(\.path) == alone.files.map(\.path))
    #expect(shared.files.map(\.verdict) == alone.files.map(\.verdict))
    #expect(shared.problems == alone.problems && shared.notes == alone.notes)
    #expect(alone.files.contains { $0.verdict == .damaged })
  }

  @Test("a file that is not what its name says is named")
  func names() throws {
    try makeRun()
    try write(boundaries[4], to: paths.cycle(1))
    try write(boundaries[18], to: paths.cycle(7))
    let problems = RunFinding.examine(temporary.path).problems
    #expect(problems.contains("'\(paths.cycle(1))' holds cycle 0, step 19"), "\(problems)")
    #expect(problems.contains("'\(paths.cycle(7))' holds cycle 2, step 0"), "\(problems)")
  }

  @Test("a best cycle without its file is worth a note")
  func missingBest() throws {
    try makeRun()
    try FileManager.default.removeItem(atPath: paths.best)
    let finding = RunFinding.examine(temporary.path)
    #expect(finding.verdict == .good)
    let cycle = try #require(boundaries[18].best?.cycle)
    #expect(
      finding.notes == ["'\(paths.best)' is missing; the best cycle is \(cycle)"])
  }

  @Test("resumes are followed to the file that they began from")
  func resumes() throws {
    var store = CheckpointStore(paths: paths)
    for place in [0, 9] { try store.save(boundaries[place]) }
    let stored = try CheckpointReader.read(paths.cycle(1))
    var resumed = boundaries[12]
    resumed.provenance.resumes = 1
    resumed.provenance.resumedFrom = stored.userBlock.sha256
    try store.save(resumed)
    var finding = RunFinding.examine(temporary.path)
    #expect(finding.verdict == .good)
    #expect(finding.notes.contains { $0.hasPrefix("resume 1 began from '\(temporary.path)/") })

    // A file cannot come from one that lies further on.
    resumed = boundaries[3]
    resumed.provenance.resumes = 1
    resumed.provenance.resumedFrom = stored.userBlock.sha256
    for path in [paths.last, paths.lastCopy] { try write(resumed, to: path) }
    finding = RunFinding.examine(temporary.path)
    #expect(finding.problems.contains { $0.contains("cannot have been resumed from") })
  }

  @Test("damage, foreign content and leftovers are told apart")
  func files() throws {
    try makeRun()
    try Data("x".utf8).write(to: URL(fileURLWithPath: paths.best))
    try Data("half".utf8).write(
      to: URL(fileURLWithPath: temporary(".rso-0123456789abcdef.tmp")))
    let finding = RunFinding.examine(temporary.path)
    #expect(finding.verdict == .damaged)
    #expect(finding.files.filter { $0.verdict != .good }.map(\.path) == [paths.best])
    #expect(finding.notes == ["1 left-over or unfinished file"])
    // Elsewhere the same file is just no checkpoint.
    #expect(CheckpointFinding.examine(paths.best).verdict == .unknown)
    #expect(CheckpointFinding.examine(temporary("none")).verdict == .unknown)
    let empty = RunFinding.examine(temporary("none"))
    #expect(empty.verdict == .unknown && empty.problems.count == 1)
  }

  @Test("damage beats doubt, and doubt beats good")
  func verdicts() {
    #expect([Verdict]().combined == .good)
    #expect([Verdict.good, .unknown, .good].combined == .unknown)
    #expect([Verdict.unknown, .damaged, .good].combined == .damaged)
    #expect([Verdict.damaged, .unknown].combined == .damaged)
  }
}
