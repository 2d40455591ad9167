import RSONetworks
import RSORuns
import Testing

/// Numbers of scikit-learn 1.9, and of numpy for the calibration error, for the same samples.
@Suite("Figures of classification")
struct ClassificationFiguresTests {
  private static let labels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2]
  private static let logits: [Float] = [
    2, 1, 0.125, 0.5, 0.5, 0, 3, -1, 0.25, -1, 0.0625, 1, 0, 2, 1.25, 1, 0, -1, 0, 1.5, 1.5, 0, 0,
    3, 0.1875, 1, 2, 1, 2, 0, -2, 0, 0.5, -2, 0, 0.5,
  ]
  private static let predictions = [0, 0, 0, 2, 1, 0, 1, 2, 2, 1, 2, 2]

  private func figures(threads: Int = 1) throws -> ClassificationFigures {
    try #require(
      ClassificationFigures(
        labels: Self.labels, predictions: Self.predictions, logits: Self.logits, classes: 3,
        pool: WorkerPool(threads: threads)))
  }

  private func isNear(_ a: Double?, _ b: Double) -> Bool { abs((a ?? .nan) - b) < 1e-14 }

  @Test("accuracy, and the means over classes")
  func means() throws {
    let figures = try figures()
    #expect(figures.accuracy == 0.75)
    #expect(isNear(figures.accuracyInterval.lower, 0.46769466506643426))
    #expect(isNear(figures.accuracyInterval.upper, 0.9110583316059453))
    #expect(isNear(figures.balancedAccuracy, 0.7388888888888889))
    #expect(isNear(figures.macro.precision, 0.7388888888888889))
    #expect(isNear(figures.macro.recall, 0.7388888888888889))
    #expect(isNear(figures.macro.f1, 0.7388888888888889))
  }

  @Test("figures of each class")
  func classes() throws {
    let figures = try figures()
    #expect(figures.confusion.counts == [[3, 0, 1], [1, 2, 0], [0, 1, 4]])
    #expect(figures.perClass.map(\.counts.samples) == [4, 3, 5])
    for (found, expected) in zip(figures.perClass, [0.75, 2.0 / 3, 0.8]) {
      #expect(isNear(found.counts.precision, expected) && isNear(found.counts.recall, expected))
      #expect(isNear(found.counts.f1, expected))
    }
    for (found, expected) in zip(figures.perClass, [0.8125, 20.0 / 27, 0.7571428571428571]) {
      #expect(isNear(found.rocArea, expected))
    }
    #expect(isNear(figures.rocArea, 0.7701278659611992))
  }

  @Test("figures of the probabilities")
  func probabilities() throws {
    let figures = try figures()
    #expect(isNear(figures.logLoss, 0.8781268644606991))
    #expect(isNear(figures.calibrationError, 0.2555456558564236))
  }

  @Test("the number of threads changes no bit")
  func threads() throws {
    #expect(try figures() == figures(threads: 3))
  }

  @Test("a class that is only predicted counts in macro means; one that never occurs does not")
  func missingClasses() throws {
    let figures = try #require(
      ClassificationFigures(
        labels: [0, 0, 1, 1], predictions: [0, 2, 1, 1], logits: [Float](repeating: 0, count: 16),
        classes: 4, pool: WorkerPool(threads: 1)))
    #expect(isNear(figures.macro.precision, 2.0 / 3) && isNear(figures.macro.recall, 0.5))
    #expect(isNear(figures.macro.f1, 5.0 / 9) && isNear(figures.balancedAccuracy, 0.75))
    #expect(figures.perClass[2].counts.recall == nil && figures.perClass[3].counts.f1 == nil)
    #expect(figures.perClass[2].rocArea == nil && figures.perClass[0].rocArea == 0.5)
  }

  @Test("logits that are not finite have no area and no calibration, and an undefined loss")
  func notFinite() throws {
    let figures = try #require(
      ClassificationFigures(
        labels: [0, 1], predictions: [0, 1], logits: [.infinity, 0, .nan, 1], classes: 2,
        pool: WorkerPool(threads: 1)))
    #expect(figures.accuracy == 1 && figures.rocArea == nil && figures.calibrationError == nil)
    #expect(figures.logLoss.isNaN)
  }

  @Test("large logits neither overflow nor lose the order of samples")
  func largeLogits() throws {
    let figures = try #require(
      ClassificationFigures(
        labels: [0, 0, 1], predictions: [0, 0, 0], logits: [900, 0, 800, 0, 700, 0], classes: 2,
        pool: WorkerPool(threads: 1)))
    #expect(figures.rocArea == 1 && isNear(figures.logLoss, 700.0 / 3))
  }

  @Test("without samples there are no figures")
  func empty() {
    #expect(
      ClassificationFigures(
        labels: [], predictions: [], logits: [], classes: 3, pool: WorkerPool(threads: 1)) == nil)
  }

  @Test("the largest confusions come first, equal ones in the order of the classes")
  func confusions() {
    let matrix = ConfusionMatrix([[5, 2, 0], [3, 1, 2], [0, 0, 9]])
    #expect(
      matrix.largest(2) == [
        .init(label: 1, prediction: 0, count: 3), .init(label: 0, prediction: 1, count: 2),
      ])
    #expect(matrix.largest(9).count == 3 && matrix.samples == 22 && matrix.correct == 15)
  }
}
