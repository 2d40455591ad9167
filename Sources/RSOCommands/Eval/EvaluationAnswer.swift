import Foundation
import RSONetworks
import RSORuns

/// What `rso eval` answers.
package struct EvaluationAnswer: Sendable, Equatable, Encodable {
  /// Share of the samples that were classified rightly, 0 to 1.
  package var accuracy: Double
  /// Mean of the run's loss.
  package var loss: Double
  /// Which that is.
  package var lossFunction: String
  package var samples: Int
  package var classes: Int
  /// Finished cycles.
  package var cycle: Int
  /// Done in the cycle under way.
  package var steps: Int
  package var split: String
  package var checkpoint: String
  /// Equal for two runs that are the same, bit for bit; nil of a mean.
  package var stateSHA256: String?
  /// The cycles whose mean the weights are; nil for those of one.
  package var averagedCycles: [Int]?
  /// A row a true class, a column an answer.
  package var confusion: [[Int]]

  package init(
    accuracy: Double, loss: Double, lossFunction: String = Loss.crossEntropy.rawValue, samples: Int,
    classes: Int, cycle: Int, steps: Int = 0, split: String,
    checkpoint: String, stateSHA256: String?, averagedCycles: [Int]? = nil, confusion: [[Int]]
  ) {
    self.accuracy = accuracy
    self.loss = loss
    self.lossFunction = lossFunction
    self.samples = samples
    self.classes = classes
    self.cycle = cycle
    self.steps = steps
    self.split = split
    self.checkpoint = checkpoint
    self.stateSHA256 = stateSHA256
    self.averagedCycles = averagedCycles
    self.confusion = confusion
  }

  init(_ report: EvaluationReport, split: Split, of network: JudgedNetwork) {
    self.init(
      accuracy: report.accuracy, loss: report.loss, lossFunction: report.lossFunction.rawValue,
      samples: report.samples,
      classes: report.confusion.count, cycle: report.cycle, steps: network.steps,
      split: split.rawValue, checkpoint: network.path, stateSHA256: network.stateSHA256,
      averagedCycles: network.cycles,
      confusion: report.confusion)
  }

  private enum CodingKeys: String, CodingKey {
    case accuracy, loss, samples, classes, cycle, steps, split, checkpoint, confusion
    case lossFunction = "loss_function"
    case stateSHA256 = "state_sha256"
    case averagedCycles = "averaged_cycles"
  }

  package var text: String {
    """
    checkpoint  \(checkpoint), \(JudgedNetwork.extent(cycle: cycle, steps: steps, mean: averagedCycles))
    \(stateSHA256.map { "state       \($0)\n" } ?? "")\
    samples     \(Numbers.grouped(samples)) (\(split))
    accuracy    \(Numbers.percent(accuracy))
    loss        \(Numbers.fixed(loss, 4)) (\(lossFunction))

    \(classTable)

    confusion: a row for each class, a column for each answer
    \(confusionTable)

    """
  }

  private var classTable: String {
    var table = Table(columns: [
      .right("class"), .right("samples"), .right("recall"), .right("precision"),
    ])
    for (label, row) in confusion.enumerated() {
      let answered = confusion.reduce(0) { $0 + $1[label] }
      table.add([
        "\(label)", Numbers.grouped(row.reduce(0, +)), Self.share(row[label], of: row.reduce(0, +)),
        Self.share(row[label], of: answered),
      ])
    }
    return table.description
  }

  private var confusionTable: String {
    var table = Table(columns: [.right("")] + confusion.indices.map { .right("\($0)") })
    for (label, row) in confusion.enumerated() {
      table.add(["\(label)"] + row.map(String.init))
    }
    return table.description
  }

  private static func share(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "-" : Numbers.percent(Double(part) / Double(whole))
  }
}
