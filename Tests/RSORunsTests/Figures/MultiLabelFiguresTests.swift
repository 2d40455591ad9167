import RSONetworks
import RSORuns
import Testing

/// Numbers of scikit-learn 1.9 for the same samples.
@Suite("Figures of samples with several labels")
struct MultiLabelFiguresTests {
  private func isNear(_ a: Double?, _ b: Double) -> Bool { abs((a ?? .nan) - b) < 1e-14 }

  @Test("micro and macro means, and figures of each label")
  func figures() throws {
    let figures = try #require(
      MultiLabelFigures(
        labels: [1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0],
        logits: [
          1.5, -1, -2, -0.5, 2, -1, 0.25, 0.25, -3, -1, -1, 0.5, 2, 1, -1, -1, -0.5, -0.25,
        ], count: 3, pool: WorkerPool(threads: 2)))
    #expect(isNear(figures.exactMatch, 1.0 / 3) && isNear(figures.labelAccuracy, 7.0 / 9))
    #expect(figures.exactMatchInterval == Interval.wilson(2, of: 6))
    for value in [figures.micro.precision, figures.micro.recall, figures.micro.f1] {
      #expect(isNear(value, 5.0 / 7))
    }
    #expect(isNear(figures.macro?.precision, 0.5555555555555555))
    #expect(isNear(figures.macro?.recall, 0.47222222222222215))
    #expect(isNear(figures.macro?.f1, 0.5079365079365079))
    #expect(figures.perLabel.map(\.counts.samples) == [3, 4, 0])
    #expect(isNear(figures.perLabel[1].counts.recall, 0.75))
    #expect(isNear(figures.perLabel[0].rocArea, 8.0 / 9) && figures.perLabel[1].rocArea == 1)
    #expect(figures.perLabel[2].rocArea == nil && isNear(figures.rocArea, 17.0 / 18))
    #expect(isNear(figures.logLoss, 0.42909253819387905))
  }

  @Test("logits of any size have a finite loss")
  func largeLogits() throws {
    let figures = try #require(
      MultiLabelFigures(
        labels: [1, 0], logits: [-1e30, 1e30], count: 1, pool: WorkerPool(threads: 1)))
    #expect(figures.logLoss == Double(Float(1e30)) && figures.exactMatch == 0)
    #expect(
      MultiLabelFigures(labels: [], logits: [], count: 1, pool: WorkerPool(threads: 1)) == nil)
  }
}
