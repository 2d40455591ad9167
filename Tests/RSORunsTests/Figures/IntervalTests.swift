import RSORuns
import Testing

@Suite("Wilson's interval")
struct IntervalTests {
  /// The numbers of statsmodels 0.15: `proportion_confint(count, total, 0.05, method="wilson")`.
  static let rows: [(count: Int, total: Int, lower: Double, upper: Double)] = [
    (0, 10, 0, 0.27753279986288926), (10, 10, 0.7224672001371106, 1),
    (7, 10, 0.39677814746114537, 0.8922087325936989),
    (9251, 10_000, 0.919775959078657, 0.9300975655065937),
    (1, 1, 0.2065493143772374, 1), (0, 1, 0, 0.7934506856227627),
    (59_999, 60_000, 0.9999055906678198, 0.999997057918026),
  ]

  @Test("the interval of a share is that of statsmodels", arguments: rows)
  func wilson(row: (count: Int, total: Int, lower: Double, upper: Double)) throws {
    let interval = try #require(Interval.wilson(row.count, of: row.total))
    #expect(abs(interval.lower - row.lower) < 1e-15)
    #expect(abs(interval.upper - row.upper) < 1e-15)
  }

  @Test("without samples there is none")
  func empty() {
    #expect(Interval.wilson(0, of: 0) == nil)
  }
}
