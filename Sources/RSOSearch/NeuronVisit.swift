import RSONetworks

/// What a neuron's steps came to, kept aside until it is finished.
struct NeuronVisit: Sendable {
  private(set) var tally = StepTally()
  /// The chosen candidates' losses, of the steps that compared any.
  private(set) var losses: [Double] = []
  private(set) var evaluations = 0
  /// New values, by their place in the flat vector.
  var values: [(offset: Int, value: Float)] = []

  mutating func count(_ step: SearchStep, evaluations: Int) {
    tally.count(step.choice)
    if let loss = step.loss { losses.append(loss) }
    self.evaluations += evaluations
  }
}
