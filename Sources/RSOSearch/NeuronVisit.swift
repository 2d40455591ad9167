import RSONetworks

/// The results of a neuron's steps, kept apart until the neuron is finished.
struct NeuronVisit: Sendable {
  private(set) var tally = StepTally()
  /// The losses of the chosen candidates, one per step that compared any.
  private(set) var losses: [Double] = []
  private(set) var evaluations = 0
  /// New values with their index in the flat vector.
  var values: [(offset: Int, value: Float)] = []

  mutating func count(_ step: SearchStep, evaluations: Int) {
    tally.count(step.choice)
    if let loss = step.loss { losses.append(loss) }
    self.evaluations += evaluations
  }
}
