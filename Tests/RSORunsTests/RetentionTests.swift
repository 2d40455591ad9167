import RSORuns
import Testing

@Suite("Retention")
struct RetentionTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var retention: Retention
    var kept: [Int]
  }

  static let rows = [
    Row(testDescription: "everything", retention: Retention(), kept: Array(0...10)),
    Row(testDescription: "the last", retention: Retention(keepLast: 1), kept: [10]),
    Row(testDescription: "the last three", retention: Retention(keepLast: 3), kept: [8, 9, 10]),
    Row(
      testDescription: "more than there are", retention: Retention(keepLast: 99),
      kept: Array(0...10)),
    Row(testDescription: "every fourth", retention: Retention(keepEvery: 4), kept: [0, 4, 8, 10]),
    Row(testDescription: "every one", retention: Retention(keepEvery: 1), kept: Array(0...10)),
    Row(
      testDescription: "every fifth and the last two",
      retention: Retention(keepLast: 2, keepEvery: 5), kept: [0, 5, 9, 10]),
  ]

  @Test("of cycles 0 to 10 those asked for stay", arguments: rows)
  func table(row: Row) {
    let gone = row.retention.superfluous(among: Array(0...10).shuffled())
    #expect(Set(0...10).subtracting(gone).sorted() == row.kept)
  }

  @Test("where there is nothing, nothing goes")
  func nothing() {
    #expect(Retention(keepLast: 2).superfluous(among: []).isEmpty)
  }

  @Test("numbers below one are refused")
  func invalid() throws {
    #expect(throws: RunError.self) { try Retention(keepLast: 0).validate() }
    #expect(throws: RunError.self) { try Retention(keepEvery: -1).validate() }
    try Retention(keepLast: 1, keepEvery: 1).validate()
  }
}
