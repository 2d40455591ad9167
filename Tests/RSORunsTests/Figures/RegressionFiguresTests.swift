import RSONetworks
import RSORuns
import Testing

/// Numbers of scikit-learn 1.9 for the same samples.
@Suite("Figures of regression")
struct RegressionFiguresTests {
  private func isNear(_ a: Double?, _ b: Double) -> Bool { abs((a ?? .nan) - b) < 1e-14 }

  private func contains(_ interval: Interval?, _ value: Double) -> Bool {
    interval.map { $0.lower < value && value < $0.upper } ?? false
  }

  @Test("errors and R2 of each target, and their means")
  func figures() throws {
    let figures = try #require(
      RegressionFigures(
        targets: [1.5, 10, 2.25, 20, -3, 35, 4, 50, 0.5, 12.5],
        predictions: [1, 12, 2.5, 18, -2, 30, 5, 55, 0, 15], count: 2,
        pool: WorkerPool(threads: 2)))
    #expect(isNear(figures.squaredError, 6.68125) && isNear(figures.absoluteError, 1.975))
    #expect(isNear(figures.determination, 0.92420480755075))
    #expect(isNear(figures.relativeError, 1 - 0.92420480755075))
    #expect(contains(figures.relativeErrorInterval, 1 - 0.92420480755075))
    #expect(contains(figures.squaredErrorInterval, 6.68125))
    #expect(contains(figures.absoluteErrorInterval, 1.975))
    let expected = [(0.5125, 0.65, 0.905268022181146), (12.85, 3.3, 0.9431415929203539)]
    for (found, expected) in zip(figures.perTarget, expected) {
      #expect(isNear(found.squaredError, expected.0) && isNear(found.absoluteError, expected.1))
      #expect(isNear(found.determination, expected.2))
      #expect(contains(found.squaredErrorInterval, expected.0))
      #expect(contains(found.absoluteErrorInterval, expected.1))
    }
  }

  @Test("one sample has no interval")
  func alone() throws {
    let figures = try #require(
      RegressionFigures(
        targets: [2, 3], predictions: [1, 5], count: 2, pool: WorkerPool(threads: 1)))
    #expect(
      figures.relativeError == nil && figures.squaredError == 2.5
        && figures.squaredErrorInterval == nil)
    #expect(figures.absoluteErrorInterval == nil && figures.determination == nil)
    #expect(figures.perTarget.allSatisfy { $0.squaredErrorInterval == nil })
  }

  @Test("targets that are all equal have no R2")
  func constant() throws {
    let figures = try #require(
      RegressionFigures(
        targets: [2, 2], predictions: [1, 2], count: 1, pool: WorkerPool(threads: 1)))
    #expect(figures.determination == nil && figures.squaredError == 0.5)
    #expect(
      RegressionFigures(targets: [], predictions: [], count: 1, pool: WorkerPool(threads: 1)) == nil
    )
  }
}
