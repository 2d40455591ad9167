import Foundation
import RSOCheckpoints
import RSOCommands
import RSOExporters
import RSORuns
import RSOSystem
import Synchronization
import TestSupport
import Testing

@Suite("Event files of a run")
struct EventLogTests {
  private let directory: TemporaryDirectory
  /// The ends of cycles 0 to 4 of a run, and a state in cycle 5.
  private let ends: [Checkpoint]
  private let inside: Checkpoint

  init() throws {
    directory = try TemporaryDirectory()
    let all = try SmallRun.boundaries(SmallRun.plan { $0.cycles = 5 })
    ends = all.filter { $0.isCycleEnd }
    inside = try #require(all.last { $0.state.cursor.cycle == 4 })
  }

  private var runID: String { ends[0].provenance.runID }

  private func log(
    isNew: Bool = false, run: String = "run", calls: FileCalls = .system
  ) throws -> EventLog {
    try EventLog(
      directory("events"), runID: isNew ? nil : runID, states: RunPaths(directory: directory(run)),
      calls: calls)
  }

  private func names() throws -> [String] { try directory.names(in: "events") }

  private func steps() throws -> TensorBoardSteps {
    var steps = TensorBoardSteps()
    for name in try names() { try steps.add(directory("events/\(name)")) }
    return steps
  }

  private func sizes() throws -> [Int] {
    try names().map { try Data(contentsOf: URL(fileURLWithPath: directory("events/\($0)"))).count }
  }

  @Test("a run has its beginning and each cycle, once, in one file with its identity")
  func run() throws {
    let log = try log(isNew: true)
    for end in ends {
      #expect(log.follow(end, time: 5000) == nil)
      #expect(try steps().next == end.history.count + 1)
    }
    #expect(try names() == ["events.out.tfevents.0000005000.here.\(runID)"])
    let size = try sizes()
    #expect(log.follow(ends[5], time: 5001) == nil)
    #expect(try sizes() == size)
  }

  @Test("a second file goes on after the first one, and is read after it whatever the clock says")
  func resumed() throws {
    for end in ends[0...2] { try log().write(end, time: 5000) }
    #expect(try steps().next == 3)
    let log = try log()
    #expect(log.follow(inside, time: 20) == nil && log.follow(ends[5], time: 30) == nil)
    #expect(try steps().next == 6)
    #expect(
      try names() == (5000...5003).map { "events.out.tfevents.000000\($0).here.\(runID)" })
    // Nothing is lacking, so nothing is written.
    try self.log().write(ends[5], time: 9000)
    #expect(try names().count == 4)
  }

  @Test("an earlier state supersedes the later steps at once")
  func branch() throws {
    try log().write(ends[5], time: 100)
    let log = try log()
    #expect(log.follow(ends[2], time: 200) == nil)
    #expect(try steps().next == 3 && !steps().reaches(3))
    #expect(log.follow(ends[3], time: 300) == nil)
    #expect(try steps().next == 4 && names().count == 2)
  }

  @Test("steps in a record that was not written to its end are written again")
  func torn() throws {
    try log().write(ends[3], time: 100)
    let path = directory("events/\(try names()[0])")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.dropLast(7).write(to: URL(fileURLWithPath: path))
    #expect(try steps().next == 3)
    #expect(try log().follow(ends[4], time: 200) == nil)
    #expect(try steps().next == 5)
  }

  /// A disk that takes parts of records before it is full.
  private final class Disk: Sendable {
    let isFull = Mutex(false)

    var calls: FileCalls {
      var calls = FileCalls.system
      calls.write = { [self] descriptor, bytes in
        guard isFull.withLock({ $0 }) else { return FileCalls.system.write(descriptor, bytes) }
        guard bytes.count > 100 else {
          errno = ENOSPC
          return -1
        }
        return FileCalls.system.write(
          descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count - 100)))
      }
      return calls
    }
  }

  @Test("a full disk is reported once, leaves whole records, and is made up for")
  func full() throws {
    let disk = Disk()
    let log = try log(isNew: true, calls: disk.calls)
    #expect(log.follow(ends[0], time: 1) == nil)
    let size = try sizes()
    disk.isFull.withLock { $0 = true }
    let failure = try #require(log.follow(ends[1], time: 2))
    #expect(reason(failure).hasSuffix(": no space left on device"), "\(reason(failure))")
    #expect(log.follow(ends[2], time: 3) == nil && log.follow(ends[3], time: 4) == nil)
    #expect(try sizes() == size)
    disk.isFull.withLock { $0 = false }
    #expect(log.follow(ends[4], time: 5) == nil)
    #expect(try steps().next == 5 && names().count == 1)
  }

  @Test("a directory with another run's or program's events is refused, and nothing is written")
  func others() throws {
    try log().write(ends[1], time: 100)
    let there = try names()
    #expect(throws: (any Error).self) { try log(isNew: true) }
    #expect(throws: (any Error).self) {
      try EventLog(
        directory("events"), runID: String(repeating: "0", count: 32),
        states: RunPaths(directory: "run"))
    }
    #expect(try names() == there)
    try directory.write([], to: "events/events.out.tfevents.1700000000.host.77.0")
    #expect(throws: (any Error).self) { try log() }
    try directory.write([], to: "file")
    #expect(throws: (any Error).self) {
      try EventLog(directory("file"), runID: nil, states: RunPaths(directory: "run"))
    }
  }

  @Test("hostile names of files and times of a checkpoint are no trap")
  func hostile() throws {
    try directory.write([], to: "events/events.out.tfevents.\(Int.max).h.\(runID)")
    try directory.write([1, 2, 3], to: "events/events.out.tfevents.x.\(runID)")
    for time in [Double.nan, -.infinity, 1e300] {
      #expect(try log().follow(ends[0], time: time) == nil)
    }
    #expect(try steps().next == 1)
  }
}
