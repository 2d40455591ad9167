/// The results of a finished cycle.
package struct CycleRecord: Sendable, Hashable {
  /// 1 for the first cycle.
  package var cycle: Int
  /// The mean minibatch loss of the chosen candidates, over the cycle's steps that compared any.
  package var trainingLoss: Double
  /// The loss on the test set after the cycle, with training-set statistics.
  package var testLoss: Double
  /// The fraction of the test set that is classified correctly: 0 to 1.
  package var testAccuracy: Double
  /// The number of candidate losses evaluated in the cycle.
  package var evaluations: Int
  /// Seconds of training in the cycle, evaluation included.
  package var seconds: Double
  /// The deviation of each layer's weight proposals in this cycle.
  package var deviations: [Double]
  /// One tally per layer.
  package var tallies: [StepTally]

  package init(
    cycle: Int, trainingLoss: Double, testLoss: Double, testAccuracy: Double, evaluations: Int,
    seconds: Double, deviations: [Double], tallies: [StepTally]
  ) {
    self.cycle = cycle
    self.trainingLoss = trainingLoss
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.evaluations = evaluations
    self.seconds = seconds
    self.deviations = deviations
    self.tallies = tallies
  }
}
