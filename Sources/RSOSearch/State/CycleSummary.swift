/// The results of a cycle that a search has just finished, before it is tested.
package struct CycleSummary: Sendable, Hashable {
  /// 1 for the first cycle.
  package var cycle: Int
  /// The mean minibatch loss of the chosen candidates.
  package var trainingLoss: Double
  package var evaluations: Int
  /// The deviation of each layer's weight proposals.
  package var deviations: [Double]
  /// One tally per layer.
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
