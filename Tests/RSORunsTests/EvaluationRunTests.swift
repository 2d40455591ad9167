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
    #expect(report.targets == SmallRun.dataset.test?.targets)
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
      throws: SearchError.dataMismatch(
        what: "sample shape", architecture: "1 x 4 x 4", data: "1 x 2 x 8")
    ) { try evaluate(checkpoint, on: wider) }
    var more = SmallRun.dataset
    more.test?.outputs = 4
    #expect(
      throws: SearchError.dataMismatch(
        what: "number of classes", architecture: "3", data: "4")
    ) { try evaluate(checkpoint, on: more) }
    var none = SmallRun.dataset
    none.test = SmallRun.images(0, stream: 1)
    #expect(throws: RunError.noSamples(split: "test")) { try evaluate(checkpoint, on: none) }
    #expect(throws: RunError.self) { try evaluate(checkpoint, batch: 0) }
  }

  @Test("classes with other names are other classes, unless an earlier version recorded none")
  func otherClasses() throws {
    let plain = try SmallRun.checkpoint()
    var named = plain
    named.plan.data.outputNames = ["blue", "green", "red"]
    func evaluates(
      _ checkpoint: Checkpoint, names: [String], recordsNames: Bool = true
    ) throws -> Bool {
      var dataset = SmallRun.dataset
      dataset.outputNames = names
      do {
        _ = try EvaluationRun(checkpoint, recordsNames: recordsNames).evaluate(
          on: dataset, makeEvaluator: SmallRun.evaluator)
        return true
      } catch SearchError.dataMismatch(let what, let network, let data) {
        #expect(what == "list of classes" && network != data)
        return false
      }
    }
    #expect(try evaluates(plain, names: []) && evaluates(plain, names: ["0", "1", "2"]))
    #expect(try evaluates(named, names: ["blue", "green", "red"]))
    for (checkpoint, names) in [
      (plain, ["5", "6", "7"]), (plain, ["blue", "green", "red"]), (named, []),
      (named, ["0", "1", "2"]), (named, ["red", "green", "blue"]),
    ] {
      #expect(try !evaluates(checkpoint, names: names), "\(names)")
    }
    #expect(try evaluates(plain, names: ["5", "6", "7"], recordsNames: false))
  }

  @Test("a network without a batch norm needs no statistics, and so no training set of the run")
  func noStatistics() throws {
    var plan = SmallRun.plan()
    plan.architecture.layers.remove(at: 1)
    let checkpoint = try SmallRun.checkpoint(plan)
    #expect(try checkpoint.statistics == nil && checkpoint.knownStatistics() != nil)
    #expect(try SmallRun.checkpoint().knownStatistics() == nil)
    var other = SmallRun.dataset
    other.training = SmallRun.images(26, stream: 2)
    #expect(try evaluate(checkpoint, on: other).samples == 9)
  }

  @Test("loss, accuracy and classes follow from the logits")
  func score() {
    let logits: [Float] = [0, 1, 0, 5, 5, 0, -1, -2, -1000]
    let score = Score(
      Predictions(logits: logits, classes: 3), .classes([1, 1, 2]),
      objective: Objective(.crossEntropy))
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
    func score(_ loss: Loss) -> Score { Score(predictions, targets, objective: Objective(loss)) }
    let squares: [Double] = [0, 41, 5.25, 41]
    #expect(score(.squared).loss == squares.map { $0 / 3 }.reduce(0, +) / 4)
    // Of two largest logits the first is the answer.
    #expect(score(.zeroOne).loss == 0.25)
    #expect(score(.zeroOne).accuracy == 0.75)
    #expect(score(.hinge).loss == 0.5)
  }

  @Test("labels and numbers have a loss, and no accuracy")
  func targetLosses() {
    let predictions = Predictions(logits: [0, 2, -3, 0.5], classes: 2)
    let labels = Score(
      predictions, .labels([1, 0, 0, 1], count: 2), objective: Objective(.binaryCrossEntropy))
    let terms = [0, 2, -3, -0.5].map { log(1 + exp($0)) }
    #expect(abs(labels.loss - terms.reduce(0, +) / 4) < 1e-12)
    let numbers = Targets.numbers([0.5, 2, -1, 0.5], count: 2)
    func score(_ loss: Loss) -> Score { Score(predictions, numbers, objective: Objective(loss)) }
    #expect(score(.squared).loss == (0.25 + 4) / 4)
    #expect(score(.absolute).loss == (0.5 + 2) / 4)
    #expect(score(.huber).loss == (0.125 + 1.5) / 4)
    for score in [labels, score(.huber)] {
      #expect(score.accuracy == nil && score.classes.isEmpty && score.logits == predictions.logits)
    }
  }

  private func report(_ logits: [Float], _ targets: Targets, _ loss: Loss) -> EvaluationReport {
    let predictions = Predictions(logits: logits, classes: logits.count / targets.count)
    return EvaluationReport(
      cycle: 1, targets: targets, score: Score(predictions, targets, objective: Objective(loss)),
      loss: loss)
  }

  @Test("the confusion matrix has a row for each true class, and a column for each answer")
  func confusion() throws {
    // Predicted: 0 0 1 1 for true 0 1 1 1; classes 2 and 3 never occur, 2 never as an answer.
    let report = report(
      [9, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0], .classes([0, 1, 1, 1]), .crossEntropy)
    let figures = try #require(
      EvaluationFigures(report, names: ["a", "b", "c", "d"], pool: WorkerPool(threads: 1)))
    #expect(
      figures.confusion?.counts == [[1, 0, 0, 0], [1, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    #expect(report.accuracy == 0.75 && figures.overall[0].value == 0.75)
    #expect(figures.outputs.map(\.name) == ["a", "b", "c", "d"])
  }

  @Test("every task has a figure by which two networks are compared, sample by sample")
  func comparisons() throws {
    let pool = WorkerPool(threads: 1)
    let classes = Targets.classes([0, 1, 1])
    let first = report([1, 0, 1, 0, 1, 0], classes, .crossEntropy)
    let second = report([1, 0, 0, 1, 0, 1], classes, .crossEntropy)
    let byClass = try #require(PairedComparison(first, second, pool: pool))
    #expect(abs(byClass.difference - 2.0 / 3) < 1e-15)
    #expect(byClass.test == McNemarTest(onlyFirst: 0, onlySecond: 2))
    #expect(byClass.interval == Interval(lower: 0, upper: 1))

    let labels = Targets.labels([1, 0, 0, 1], count: 2)
    let byLabel = try #require(
      PairedComparison(
        report([1, -1, -1, 1], labels, .binaryCrossEntropy),
        report([1, 1, -1, 1], labels, .binaryCrossEntropy), pool: pool))
    #expect(byLabel.difference == -0.5)
    #expect(byLabel.test == McNemarTest(onlyFirst: 1, onlySecond: 0))

    let numbers = Targets.numbers([1, 2, 3, 4], count: 1)
    let byNumber = try #require(
      PairedComparison(
        report([1, 2, 3, 4], numbers, .squared), report([2, 2, 3, 1], numbers, .squared),
        pool: pool))
    #expect(byNumber.difference == (1 + 9) / 4.0 && byNumber.test == nil)
    #expect(report([2, 2, 3, 1], numbers, .squared).sampleScores == [1, 0, 0, 9])
    // The variances of 1, 3 and of 20, 40 are 1 and 100; 7 is constant.
    let several = Targets.numbers([1, 20, 7, 3, 40, 7], count: 3)
    #expect(
      report([2, 20, 9, 3, 20, 8], several, .squared).sampleScores == [0.5, 2])
  }
}
