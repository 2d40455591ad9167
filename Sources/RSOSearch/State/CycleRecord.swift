/// The results of a finished cycle.
package struct CycleRecord: Sendable, Hashable {
  /// 1 for the first cycle.
  package var cycle: Int
  /// The mean minibatch loss of the chosen candidates, over the cycle's steps that compared any.
  package var trainingLoss: Double
  /// The score on the validation set after the cycle, with training-set statistics; nil without one.
  package var validation: SetScore?
  /// The same on the test set; nil if it was not measured.
  package var test: SetScore?
  /// The number of candidate losses evaluated in the cycle.
  package var evaluations: Int
  /// Seconds of training in the cycle, evaluation included.
  package var seconds: Double
  /// The deviation of each layer's weight proposals in this cycle.
  package var deviations: [Double]
  /// One tally per layer.
  package var tallies: [StepTally]

  package init(
    cycle: Int, trainingLoss: Double, validation: SetScore? = nil, test: SetScore?,
    evaluations: Int, seconds: Double, deviations: [Double], tallies: [StepTally]
  ) {
    self.cycle = cycle
    self.trainingLoss = trainingLoss
    self.validation = validation
    self.test = test
    self.evaluations = evaluations
    self.seconds = seconds
    self.deviations = deviations
    self.tallies = tallies
  }
}
