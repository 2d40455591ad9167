import RSONetworks
import RSORuns
import Testing

@Suite("Paired tests and spreads")
struct PairedTestTests {
  /// The numbers of statsmodels 0.15: `mcnemar([[0, b], [c, 0]], exact=True).pvalue`.
  static let pairs: [(first: Int, second: Int, pValue: Double)] = [
    (0, 0, 1), (0, 1, 1), (5, 5, 1), (4, 5, 1), (3, 10, 0.09228515625), (10, 3, 0.09228515625),
    (25, 40, 0.08168153394154003), (121, 59, 4.4344492637551645e-06),
    (0, 50, 1.7763568394002505e-15), (400, 600, 2.728464156065947e-10),
    (49_000, 51_000, 2.5887160383468943e-10), (500_000, 501_500, 0.1341651666841142),
    (5, 2000, 0),
  ]

  @Test("McNemar's exact test agrees with statsmodels", arguments: pairs)
  func exact(row: (first: Int, second: Int, pValue: Double)) {
    let found = McNemarTest(onlyFirst: row.first, onlySecond: row.second).pValue
    #expect(abs(found - row.pValue) <= 1e-10 * row.pValue, "\(found)")
  }

  @Test("McNemar's test counts the samples on which the two differ")
  func counts() {
    let test = McNemarTest(
      first: [true, true, false, false, true], second: [true, false, true, false, false])
    #expect(test == McNemarTest(onlyFirst: 2, onlySecond: 1))
  }

  /// Values between 0 and 10.
  private static let values = (0..<50).map { Double($0 * 37 % 101) / 10 }

  /// The differences of 200 pairs: 40 times 1, 25 times -1.
  private static let differences =
    [Double](repeating: 1, count: 40) + [Double](repeating: -1, count: 25)
    + [Double](repeating: 0, count: 135)

  @Test("the bootstrap's interval agrees with scipy's, of 2,000,000 resamples")
  func bootstrap() throws {
    let pool = WorkerPool(threads: 2)
    let means = try #require(Bootstrap.interval(ofMean: Self.values, pool: pool))
    // The standard error of the ends is about 0.015.
    #expect(abs(means.lower - 4.182) < 0.06 && abs(means.upper - 5.822) < 0.06, "\(means)")
    let pairs = try #require(Bootstrap.interval(ofMean: Self.differences, pool: pool))
    #expect(abs(pairs.lower - -0.005) < 0.006 && abs(pairs.upper - 0.155) < 0.006, "\(pairs)")
  }

  @Test("the bootstrap gives the same digits for any number of threads")
  func threads() {
    let one = Bootstrap.interval(
      ofMean: Self.values, resamples: 200, pool: WorkerPool(threads: 1))
    let three = Bootstrap.interval(
      ofMean: Self.values, resamples: 200, pool: WorkerPool(threads: 3))
    #expect(one == three && one != nil)
    #expect(Bootstrap.interval(ofMean: [], pool: WorkerPool(threads: 1)) == nil)
    #expect(Bootstrap.interval(ofMean: [3], pool: WorkerPool(threads: 1)) == nil)
  }

  @Test("the deviation of several values is that of a sample")
  func spread() throws {
    let spread = try #require(Spread([0.925, 0.9312, 0.9274, 0.9301]))
    #expect(spread.min == 0.925 && spread.max == 0.9312 && abs(spread.mean - 0.928425) < 1e-15)
    // numpy: std(ddof=1)
    #expect(abs((spread.deviation ?? 0) - 0.002786126343151005) < 1e-15)
    #expect(Spread([]) == nil && Spread([1])?.deviation == nil)
  }
}
