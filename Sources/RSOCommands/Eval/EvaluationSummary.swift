import RSONetworks
import RSORuns

/// The result of `rso eval`.
package struct EvaluationSummary: Sendable, Equatable, Encodable {
  /// The share of samples that were classified correctly, 0 to 1; nil for other tasks.
  package var accuracy: Double?
  /// The mean loss over the samples, by the run's loss function.
  package var loss: Double
  /// The name of that loss.
  package var lossFunction: String
  package var samples: Int
  package var classes: Int
  /// Finished cycles.
  package var cycle: Int
  /// Finished steps in the current cycle.
  package var steps: Int
  package var split: String
  package var checkpoint: String
  /// Equal for two runs that are the same, bit for bit; nil for a mean.
  package var stateSHA256: String?
  /// The cycles whose mean the weights are; nil for a single state.
  package var averagedCycles: [Int]?
  /// Counts: a row for each true class, a column for each predicted class.
  package var confusion: [[Int]]
  /// A row for each class.
  package var perClass: ReportValue

  package init(
    accuracy: Double?, loss: Double, lossFunction: String = Loss.crossEntropy.rawValue,
    samples: Int, cycle: Int, steps: Int = 0, split: String,
    checkpoint: String, stateSHA256: String?, averagedCycles: [Int]? = nil, confusion: [[Int]]
  ) {
    self.accuracy = accuracy
    self.loss = loss
    self.lossFunction = lossFunction
    self.samples = samples
    classes = confusion.count
    self.cycle = cycle
    self.steps = steps
    self.split = split
    self.checkpoint = checkpoint
    self.stateSHA256 = stateSHA256
    self.averagedCycles = averagedCycles
    self.confusion = confusion
    perClass = ClassFigures.report(confusion).json
  }

  init(_ report: EvaluationReport, split: Split, of network: ChosenNetwork) {
    self.init(
      accuracy: report.accuracy, loss: report.loss, lossFunction: report.lossFunction.rawValue,
      samples: report.samples, cycle: report.cycle, steps: network.steps,
      split: split.rawValue, checkpoint: network.path, stateSHA256: network.stateSHA256,
      averagedCycles: network.cycles, confusion: report.confusion)
  }

  package var text: String {
    let extent = ChosenNetwork.extent(cycle: cycle, steps: steps, mean: averagedCycles)
    var head = Table(columns: [.left("checkpoint"), .left("\(checkpoint), \(extent)")])
    if let stateSHA256 { head.add(["state", stateSHA256]) }
    head.add(["samples", "\(Numbers.grouped(samples)) (\(split))"])
    if let accuracy { head.add(["accuracy", Numbers.percent(accuracy)]) }
    head.add(["loss", "\(Numbers.fixed(loss, 4)) (\(lossFunction))"])
    guard accuracy != nil else { return head.description + "\n" }
    return """
      \(head.description)

      \(ClassFigures.report(confusion).table().description)

      confusion: a row for each class, a column for each answer
      \(confusionTable)

      """
  }

  private var confusionTable: String {
    var table = Table(columns: [.right("")] + confusion.indices.map { .right("\($0)") })
    for (label, row) in confusion.enumerated() {
      table.add(["\(label)"] + row.map(String.init))
    }
    return table.description
  }
}

/// How well one class is recognised.
private struct ClassFigures {
  let label: Int
  /// Samples of the class, samples predicted to be of it, and samples that are both.
  let samples: Int
  let predicted: Int
  let correct: Int

  static func report(_ confusion: [[Int]]) -> Report<ClassFigures> {
    let rows = confusion.enumerated().map { label, row in
      ClassFigures(
        label: label, samples: row.reduce(0, +),
        predicted: confusion.reduce(0) { $0 + $1[label] }, correct: row[label])
    }
    return Report(
      rows,
      columns: [
        Column("class", "class", \.label),
        Column("samples", "samples", as: .grouped, \.samples),
        Column("recall", "recall", as: .percent) { share($0.correct, of: $0.samples) },
        Column("precision", "precision", as: .percent) { share($0.correct, of: $0.predicted) },
      ])
  }

  /// Returns `part` / `whole`; nil if `whole` is 0.
  private static func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }
}
