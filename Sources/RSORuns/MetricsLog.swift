internal import Glibc
import RSOCheckpoints
import RSOSearch
import RSOSystem

/// `metrics.csv`: a header, and a row for each finished cycle.
package struct MetricsLog: Sendable {
  package static let header =
    "cycle,training_loss,test_loss,test_accuracy,best_test_accuracy,evaluations,seconds,"
    + "kept,plus,minus"

  package let path: String
  private let calls: FileCalls
  /// Whether the file holds exactly the rows so far, so that one may be appended.
  private var isComplete = false

  package init(path: String, calls: FileCalls = .system) {
    self.path = path
    self.calls = calls
  }

  /// Makes the file hold the rows of `history` and no others: a run that is taken up again at an
  /// earlier point writes the later rows anew.
  package mutating func rewrite(_ history: [CycleRecord]) throws {
    isComplete = false
    try DurableFile.write(Self.text(of: history), to: path, calls: calls)
    isComplete = true
  }

  /// Writes the rows of `history` where the file is not known to hold them.
  package mutating func complete(_ history: [CycleRecord]) throws {
    if !isComplete { try rewrite(history) }
  }

  /// Whether the file is not there, or ends before the rows of `history` do. One that holds anything else
  /// does not lack them: it is somebody's own.
  package func lacksRows(of history: [CycleRecord]) -> Bool {
    guard let content = try? InputFile.contents(of: path, maximumBytes: 1 << 30) else {
      return access(path, F_OK) != 0
    }
    let text = Self.text(of: history)
    return content.count < text.count && text.starts(with: content)
  }

  private static func text(of history: [CycleRecord]) -> [UInt8] {
    let rows = history.indices.map { row(of: history[...$0]) }
    return Array(([header] + rows).map { $0 + "\n" }.joined().utf8)
  }

  /// Adds the last record of `history`.
  package mutating func append(_ history: [CycleRecord]) throws {
    guard isComplete, !history.isEmpty else { return try rewrite(history) }
    isComplete = false
    let row = Array((Self.row(of: history[...]) + "\n").utf8)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { return try rewrite(history) }
    defer { close(descriptor) }
    let count = row.withUnsafeBytes { calls.write(descriptor, $0) }
    // Where less is written than was to be there is no room for the rest.
    guard count < 0 || count == row.count else {
      throw RunError.system(operation: "write to", path: path, code: ENOSPC)
    }
    guard count >= 0, calls.synchronize(descriptor) == 0 else {
      throw RunError.system(operation: "write to", path: path, code: errno)
    }
    isComplete = true
  }

  /// The row of the last record.
  private static func row(of history: ArraySlice<CycleRecord>) -> String {
    let record = history[history.endIndex - 1]
    let best = history.reduce(0) { max($0, $1.testAccuracy) }
    let tally = record.tallies.total
    return [
      "\(record.cycle)", "\(record.trainingLoss)", "\(record.testLoss)", "\(record.testAccuracy)",
      "\(best)", "\(record.evaluations)", milliseconds(record.seconds), "\(tally.kept)",
      "\(tally.plus)", "\(tally.minus)",
    ].joined(separator: ",")
  }

  /// Seconds with three places.
  private static func milliseconds(_ seconds: Double) -> String {
    "\((seconds * 1000).rounded() / 1000)"
  }
}
