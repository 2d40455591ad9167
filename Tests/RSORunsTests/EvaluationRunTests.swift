import Foundation
import RSOCheckpoints
import RSODatasets
import RSONetworks
import RSONumerics
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("EvaluationRun")
struct EvaluationRunTests {
  let temporary: TemporaryDirectory
  let harness: RunHarness

  init() throws {
    temporary = try TemporaryDirectory()
    harness = RunHarness(directory: temporary("run"), plan: SmallRun.plan { $0.cycles = 4 })
  }

  private func evaluate(
    _ checkpoint: Checkpoint, on dataset: Dataset = SmallRun.dataset, split: Split = .test,
    batch: Int = 1000
  ) throws -> EvaluationReport {
    try EvaluationRun(checkpoint).evaluate(
      on: dataset, split: split, batch: batch, makeEvaluator: SmallRun.evaluator)
  }

  @Test("a checkpoint is judged as the run that wrote it judged itself")
  func agreement() throws {
    _ = try harness.train()
    let checkpoint = try harness.newest().checkpoint
    let report = try evaluate(checkpoint)
    #expect(report.accuracy == checkpoint.history.last?.test?.accuracy)
    #expect(report.loss == checkpoint.history.last?.test?.loss)
    #expect(report.cycle == 4 && report.samples == 9)
    #expect(report.labels == SmallRun.dataset.test?.labels)
    for batch in [1, 4, 9] { #expect(try evaluate(checkpoint, batch: batch) == report) }
    #expect(try evaluate(checkpoint, split: .train).samples == 26)
  }

  @Test("statistics that a checkpoint lacks are taken again, and are the same")
  func recomputed() throws {
    _ = try harness.train()
    var checkpoint = try harness.newest().checkpoint
    let report = try evaluate(checkpoint)
    checkpoint.statistics = nil
    #expect(try evaluate(checkpoint) == report)
  }

  @Test("a checkpoint from inside a cycle is judged on the run's training set only")
  func insideCycle() throws {
    var interrupted = harness
    interrupted.interruptAfter = 20
    _ = try interrupted.train()
    let checkpoint = try interrupted.newest().checkpoint
    #expect(checkpoint.statistics == nil)
    #expect(try evaluate(checkpoint).samples == 9)
    var other = SmallRun.dataset
    other.training = SmallRun.images(26, stream: 2)
    #expect(throws: RunError.self) { try evaluate(checkpoint, on: other) }
  }

  @Test("data that a network cannot read is refused")
  func unsuitable() throws {
    let checkpoint = try SmallRun.checkpoint()
    var wider = SmallRun.dataset
    wider.test?.shape.width = 8
    wider.test?.shape.height = 2
    #expect(
      throws: RunError.unsuitableData(what: "shape", expected: "1 x 4 x 4", found: "1 x 2 x 8")
    ) { try evaluate(checkpoint, on: wider) }
    var more = SmallRun.dataset
    more.test?.outputs = 4
    #expect(
      throws: RunError.unsuitableData(what: "number of classes", expected: "3", found: "4")
    ) { try evaluate(checkpoint, on: more) }
    var none = SmallRun.dataset
    none.test = SmallRun.images(0, stream: 1)
    #expect(throws: RunError.noSamples(split: "test")) { try evaluate(checkpoint, on: none) }
    #expect(throws: RunError.self) { try evaluate(checkpoint, batch: 0) }
  }

  @Test("loss, accuracy and classes follow from the logits")
  func score() {
    let logits: [Float] = [0, 1, 0, 5, 5, 0, -1, -2, -1000]
    let score = Score(
      Predictions(logits: logits, classes: 3), .classes([1, 1, 2]), loss: .crossEntropy)
    #expect(score.classes == [1, 0, 0])
    #expect(score.accuracy == 1.0 / 3)
    let expected =
      (log(2 + exp(1.0)) - 1 + log(2 * exp(5.0) + 1) - 5 + log(exp(-1.0) + exp(-2.0)) + 1000) / 3
    // A few roundings of numbers near 1000.
    #expect(abs(score.loss - expected) < 1e-12)
  }

  @Test("each loss follows from the logits; zero-one is the share of wrong answers")
  func otherLosses() {
    let predictions = Predictions(logits: [0, 1, 0, 5, 5, 0, -1, -2, 0.5, 5, 5, 0], classes: 3)
    let targets = Targets.classes([1, 1, 2, 0])
    func score(_ loss: Loss) -> Score { Score(predictions, targets, loss: loss) }
    let squares: [Double] = [0, 41, 5.25, 41]
    #expect(score(.squared).loss == squares.map { $0 / 3 }.reduce(0, +) / 4)
    // Of two largest logits the first is the answer.
    #expect(score(.zeroOne).loss == 0.25)
    #expect(score(.zeroOne).accuracy == 0.75)
    #expect(score(.hinge).loss == 0.5)
  }

  @Test("the confusion matrix has a row a true class, and a column an answer")
  func report() {
    // Predicted: 0 0 1 1 for true 0 1 1 1; classes 2 and 3 never occur, 2 never as an answer.
    let logits: [Float] = [9, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0]
    let score = Score(
      Predictions(logits: logits, classes: 4), .classes([0, 1, 1, 1]), loss: .crossEntropy)
    let report = EvaluationReport(
      cycle: 1, labels: [0, 1, 1, 1], score: score, loss: .crossEntropy, classes: 4)
    #expect(
      report.confusion == [[1, 0, 0, 0], [1, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    #expect(report.accuracy == 0.75)
  }
}
