import Foundation
import RSOCheckpoints
import RSORuns
import RSOSearch
import RSOSystem
import Synchronization
import TestSupport
import Testing

@Suite("MetricsLog")
struct MetricsLogTests {
  let temporary: TemporaryDirectory
  let path: String

  init() throws {
    temporary = try TemporaryDirectory()
    path = temporary("metrics.csv")
  }

  private func record(_ cycle: Int, accuracy: Double) -> CycleRecord {
    var tally = StepTally()
    (tally.kept, tally.plus, tally.minus) = (1, 2, 3)
    return CycleRecord(
      cycle: cycle, trainingLoss: 0.5, test: SetScore(loss: 0.25, accuracy: accuracy),
      evaluations: 36, seconds: 1.23456, deviations: [1, 1], tallies: [tally, tally])
  }

  private var history: [CycleRecord] {
    [record(1, accuracy: 0.5), record(2, accuracy: 0.75), record(3, accuracy: 0.625)]
  }

  private static let rows = [
    "1,0.5,,,0.25,0.5,36,1.235,2,4,6\n", "2,0.5,,,0.25,0.75,36,1.235,2,4,6\n",
    "3,0.5,,,0.25,0.625,36,1.235,2,4,6\n",
  ]

  private func expect(rows: Int) throws {
    #expect(
      try text(path) == MetricsLog.header + "\n" + Self.rows[..<rows].joined())
  }

  @Test("the manual names every column, in this order")
  func manual() throws {
    let page = try String(
      contentsOf: Fixtures.repository.appendingPathComponent("man/rso-run.5"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: ".Ss metrics.csv\n").last)
    let entries = section.split(separator: "\n").filter { $0.hasPrefix(".It Cm ") }
    let columns = entries.flatMap { entry in
      entry.split { " ,".contains($0) }.filter { $0 != ".It" && $0 != "Cm" }.map(String.init)
    }
    #expect(columns.joined(separator: ",") == MetricsLog.header)
  }

  @Test("rows are appended one by one")
  func appending() throws {
    var log = MetricsLog(path: path)
    try log.rewrite([])
    try expect(rows: 0)
    for count in 1...3 {
      try log.append(Array(history[..<count]))
      try expect(rows: count)
    }
  }

  @Test("a rewrite cuts back to the history")
  func cuttingBack() throws {
    var log = MetricsLog(path: path)
    try log.rewrite(history)
    try log.rewrite(Array(history[..<1]))
    try expect(rows: 1)
    try log.append(Array(history[..<2]))
    try expect(rows: 2)
  }

  @Test("a row that could not be written comes with the next")
  func failing() throws {
    let disk = FullableDisk()
    var log = MetricsLog(path: path, calls: disk.calls)
    try log.rewrite([])
    disk.isFull.withLock { $0 = true }
    #expect(throws: RunError.self) { try log.append(Array(history[..<1])) }
    disk.isFull.withLock { $0 = false }
    try log.append(Array(history[..<2]))
    try expect(rows: 2)
  }

  @Test("half a row is told as a lack of room, and made whole at the end")
  func half() throws {
    var calls = FileCalls.system
    let isFull = Mutex(false)
    calls.write = { descriptor, bytes in
      let half = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)])
      return FileCalls.system.write(descriptor, isFull.withLock { $0 } ? half : bytes)
    }
    var log = MetricsLog(path: path, calls: calls)
    try log.rewrite([])
    isFull.withLock { $0 = true }
    #expect(throws: RunError.system(SystemError(operation: .write, path: path, code: ENOSPC))) {
      try log.append(Array(history[..<1]))
    }
    #expect(log.lacksRows(of: Array(history[..<1])))
    isFull.withLock { $0 = false }
    try log.complete(Array(history[..<1]))
    try expect(rows: 1)
    #expect(!log.lacksRows(of: Array(history[..<1])) && log.lacksRows(of: history))
    // More than there was, and other rows, are no lack.
    #expect(!log.lacksRows(of: []) && !log.lacksRows(of: [record(9, accuracy: 0)]))
  }

  @Test("a file that went away is made again")
  func removed() throws {
    var log = MetricsLog(path: path)
    try log.rewrite(Array(history[..<1]))
    try FileManager.default.removeItem(atPath: path)
    try log.append(Array(history[..<2]))
    try expect(rows: 2)
  }
}
