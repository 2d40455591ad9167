import RSODatasets
import RSORuns
import RSOSearch

/// One run of a comparison.
package struct ComparedRun: Sendable, Equatable {
  /// The argument that named it.
  package var name: String
  package var plan: SearchPlan
  /// Finished cycles, and steps in the cycle under way.
  package var cycle: Int
  package var steps: Int
  /// The cycles whose mean the weights are; nil for a single state.
  package var averagedCycles: [Int]?
  /// The loss; nil if it is not defined for the samples.
  package var loss: Double?
  /// The figure that runs are compared by.
  package var figure: Figure
  /// True if the network was chosen among others on these samples.
  package var isChosenOnSamples: Bool
  /// The difference from the first run; nil for the first run itself.
  package var comparison: PairedComparison?

  package init(
    name: String, plan: SearchPlan, cycle: Int, steps: Int = 0, averagedCycles: [Int]? = nil,
    loss: Double?, figure: Figure, isChosenOnSamples: Bool = false, comparison: PairedComparison?
  ) {
    self.name = name
    self.plan = plan
    self.cycle = cycle
    self.steps = steps
    self.averagedCycles = averagedCycles
    self.loss = loss
    self.figure = figure
    self.isChosenOnSamples = isChosenOnSamples
    self.comparison = comparison
  }

  /// True if the plans differ only in their seeds, and either both weights or none are means.
  func isSameButForSeed(_ other: ComparedRun) -> Bool {
    var plan = plan
    plan.seed = other.plan.seed
    return plan.seed != self.plan.seed && plan.isOfSameRun(as: other.plan, acceptsOtherPath: true)
      && averagedCycles?.count == other.averagedCycles?.count
  }

  /// True after equally many cycles and steps.
  func isAsFar(as other: ComparedRun) -> Bool { cycle == other.cycle && steps == other.steps }
}
