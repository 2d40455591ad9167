/// What a search knows of a cycle that it has just finished.
package struct CycleSummary: Sendable, Hashable {
  /// 1 for the first cycle.
  package var cycle: Int
  /// Mean over the steps of the chosen candidate's minibatch loss.
  package var trainingLoss: Double
  package var evaluations: Int
  /// The deviation of each layer's weight proposals.
  package var deviations: [Double]
  /// A tally a layer.
  package var tallies: [StepTally]

  package init(
    cycle: Int, trainingLoss: Double, evaluations: Int, deviations: [Double], tallies: [StepTally]
  ) {
    self.cycle = cycle
    self.trainingLoss = trainingLoss
    self.evaluations = evaluations
    self.deviations = deviations
    self.tallies = tallies
  }
}
