internal import Glibc
import RSOCheckpoints
import RSOSearch
import RSOSystem

/// `metrics.csv`: a header, and one row per finished cycle.
package struct MetricsLog: Sendable {
  package static let header =
    "cycle,training_loss,validation_loss,validation_accuracy,test_loss,test_accuracy,"
    + "evaluations,seconds,kept,plus,minus"

  package let path: String
  private let calls: FileCalls
  /// True if the file holds exactly the rows so far, so that a row can be appended.
  private var isComplete = false

  package init(path: String, calls: FileCalls = .system) {
    self.path = path
    self.calls = calls
  }

  /// Makes the file hold the rows of `history` and no others: a run that is resumed at an earlier point
  /// writes the later rows again.
  package mutating func rewrite(_ history: [CycleRecord]) throws {
    isComplete = false
    try DurableFile.write(Self.text(of: history), to: path, calls: calls)
    isComplete = true
  }

  /// Writes the rows of `history` if the file is not known to hold them.
  package mutating func complete(_ history: [CycleRecord]) throws {
    if !isComplete { try rewrite(history) }
  }

  /// Returns true if the file does not exist, or ends before the rows of `history` do. A file that holds
  /// anything else lacks nothing: the user has changed it.
  package func lacksRows(of history: [CycleRecord]) -> Bool {
    guard let content = try? InputFile.contents(of: path, maximumBytes: 1 << 30) else {
      return !FileSystem.exists(path)
    }
    let text = Self.text(of: history)
    return content.count < text.count && text.starts(with: content)
  }

  /// Returns the rows of a file, with the values by the names of the columns: of a run that another process may be
  /// writing. A file or a row that is damaged, or not whole yet, counts as missing.
  package static func rows(at path: String) -> [[String: Double]] {
    guard let content = try? InputFile.contents(of: path, maximumBytes: 1 << 26),
      let end = content.lastIndex(of: UInt8(ascii: "\n"))
    else { return [] }
    let lines = String(decoding: content[..<end], as: UTF8.self).split(separator: "\n")
    guard lines.first.map(String.init) == header else { return [] }
    let names = header.split(separator: ",").map(String.init)
    return lines.dropFirst().compactMap { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == names.count else { return nil }
      return Dictionary(
        uniqueKeysWithValues: zip(names, fields).compactMap { name, field in
          Double(field).map { (name, $0) }
        })
    }
  }

  /// Adds the last record of `history`.
  package mutating func append(_ history: [CycleRecord]) throws {
    guard isComplete, let last = history.last else { return try rewrite(history) }
    isComplete = false
    guard let descriptor = try? FileSystem.open(path, O_WRONLY | O_APPEND) else {
      return try rewrite(history)
    }
    defer { close(descriptor) }
    try append(Array((Self.row(of: last) + "\n").utf8), to: descriptor)
    isComplete = true
  }

  private func append(_ row: [UInt8], to descriptor: Int32) throws {
    var rest = row[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { calls.write(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      if count == 0 { errno = ENOSPC }
      guard count > 0 else { throw failure() }
      rest = rest.dropFirst(count)
    }
    guard calls.synchronize(descriptor) == 0 else { throw failure() }
  }

  private func failure() -> RunError {
    .system(SystemError(operation: .write, path: path, code: errno))
  }

  private static func text(of history: [CycleRecord]) -> [UInt8] {
    let rows = history.map(row)
    return Array(([header] + rows).map { $0 + "\n" }.joined().utf8)
  }

  private static func row(of record: CycleRecord) -> String {
    let tally = record.tallies.total
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    return [
      "\(record.cycle)", "\(record.trainingLoss)", text(record.validation?.loss),
      text(record.validation?.accuracy), text(record.test?.loss), text(record.test?.accuracy),
      "\(record.evaluations)", milliseconds(record.seconds), "\(tally.kept)",
      "\(tally.plus)", "\(tally.minus)",
    ].joined(separator: ",")
  }

  /// Seconds with three decimal places.
  private static func milliseconds(_ seconds: Double) -> String {
    "\((seconds * 1000).rounded() / 1000)"
  }
}
