import RSONetworks
import RSORuns
import RSOSearch
import RSOSystem

/// The result of `rso eval`.
package struct EvaluationSummary: Sendable, Equatable {
  package var figures: EvaluationFigures
  /// The mean loss over the samples, by the run's loss function; nil if it is not defined for them.
  package var loss: Double?
  /// The name of that loss.
  package var lossFunction: String
  /// The units in which it takes numbers to predict.
  package var targetScales: TargetScales
  /// The command of the program that computed the objective of the run; nil if rso did. It is not run again.
  package var objective: String?
  package var samples: Int
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
  /// True if the checkpoint was chosen among others on these samples.
  package var isChosenOnSamples: Bool
  /// The best cycle of the run, if that is another state, and how it is measured.
  package var best: String?

  package init(
    figures: EvaluationFigures, loss: Double?,
    lossFunction: String = Loss.crossEntropy.rawValue, targetScales: TargetScales = .init(),
    objective: String? = nil, samples: Int,
    cycle: Int, steps: Int = 0,
    split: String, checkpoint: String, stateSHA256: String?, averagedCycles: [Int]? = nil,
    isChosenOnSamples: Bool = false, best: String? = nil
  ) {
    self.figures = figures
    self.loss = loss
    self.lossFunction = lossFunction
    self.targetScales = targetScales
    self.objective = objective
    self.samples = samples
    self.cycle = cycle
    self.steps = steps
    self.split = split
    self.checkpoint = checkpoint
    self.stateSHA256 = stateSHA256
    self.averagedCycles = averagedCycles
    self.isChosenOnSamples = isChosenOnSamples
    self.best = best
  }

  init(_ evaluated: EvaluatedNetwork, _ figures: EvaluationFigures) {
    let (report, network) = (evaluated.report, evaluated.network)
    let command = network.checkpoint.plan.options.objectiveCommand
    self.init(
      figures: figures, loss: report.loss, lossFunction: report.lossFunction.rawValue,
      targetScales: report.targetScales,
      objective: command.isNone ? nil : command.description,
      samples: report.samples, cycle: report.cycle, steps: network.steps,
      split: evaluated.splitName, checkpoint: network.path, stateSHA256: network.stateSHA256,
      averagedCycles: network.cycles, isChosenOnSamples: evaluated.isChosenOnSamples,
      best: network.best.map { "\($0.text); measure it with: rso eval \(shellQuoted($0.argument))" }
    )
  }

  /// The first figure and the loss come first, because most readers want no other.
  package var text: String {
    let extent = ChosenNetwork.extent(cycle: cycle, steps: steps, mean: averagedCycles)
    var head = Table(columns: [.left("checkpoint"), .left("\(checkpoint), \(extent)")])
    if let best { head.add(["best", best]) }
    if let stateSHA256 { head.add(["state", stateSHA256]) }
    head.add([
      "samples", "\(Numbers.grouped(samples)) (\(split)\(isChosenOnSamples ? Self.choice : ""))",
    ])
    var rest = figures
    if !rest.overall.isEmpty {
      let first = rest.overall.removeFirst()
      head.add([first.title, FiguresText.text(first)])
    }
    head.add(["loss", "\(Numbers.loss(loss)) (\(targetScales.unit(of: lossFunction)))"])
    if let objective {
      head.add(["objective", "'\(printable(objective))', which is not run here"])
    }
    return head.description + "\n\n" + FiguresText(rest).text
  }

  package var csv: String { FiguresText(figures).csv }

  package var json: ReportValue {
    let facts: [String: ReportValue] = [
      "loss": loss.reportValue, "loss_function": .text(lossFunction),
      "target_scales": targetScales.reportText.reportValue, "objective": objective.reportValue,
      "samples": .integer(samples),
      "\(Self.plural(figures.outputNoun))": .integer(figures.outputs.count),
      "cycle": .integer(cycle), "steps": .integer(steps), "split": .text(split),
      "checkpoint": .text(checkpoint), "state_sha256": stateSHA256.reportValue,
      "averaged_cycles": averagedCycles.reportValue,
      "chosen_on_samples": isChosenOnSamples ? .flag(true) : .missing,
    ]
    return .object(FiguresText(figures).members.merging(facts) { $1 })
  }

  /// The warning beside samples that the checkpoint was chosen on.
  private static let choice = "; the checkpoint was chosen on them, so its figures are too good"

  private static func plural(_ noun: String) -> String { noun == "class" ? "classes" : noun + "s" }
}
