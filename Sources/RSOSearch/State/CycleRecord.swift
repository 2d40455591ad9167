/// What is remembered of a finished cycle.
package struct CycleRecord: Sendable, Hashable {
  /// 1 for the first cycle.
  package var cycle: Int
  /// Mean over the cycle's steps of the chosen candidate's minibatch loss.
  package var trainingLoss: Double
  /// On the test set, with statistics of the whole training set, after the cycle.
  package var testLoss: Double
  /// Share of the test set that is classified rightly, 0 to 1.
  package var testAccuracy: Double
  /// Candidate losses evaluated in the cycle.
  package var evaluations: Int
  /// Seconds of training in the cycle, evaluation included.
  package var seconds: Double
  /// The deviation of each layer's weight proposals in this cycle.
  package var deviations: [Double]
  /// A tally a layer.
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
