import RSONetworks

/// The results of a neuron's steps, kept apart until the neuron is finished.
struct NeuronVisit: Sendable {
  private(set) var tally = StepTally()
  /// The losses of the chosen candidates, one per step that compared any.
  private(set) var losses: [Double] = []
  private(set) var evaluations = 0
  /// New values with their index in the flat vector.
  var values: [(offset: Int, value: Float)] = []

  init() {}

  mutating func count(_ step: SearchStep, evaluations: Int) {
    tally.count(step.choice)
    if let loss = step.loss { losses.append(loss) }
    self.evaluations += evaluations
  }
}

extension NeuronVisit {
  /// Appends the visit to a message between processes of one program on one kind of machine.
  func write(to message: inout MessageWriter) {
    message.put([tally.kept, tally.plus, tally.minus, evaluations])
    message.put(losses)
    message.put(values.map(\.offset))
    message.put(values.map(\.value))
  }

  init(from message: inout MessageReader) {
    let counts: [Int] = message.take()
    tally = StepTally(kept: counts[0], plus: counts[1], minus: counts[2])
    evaluations = counts[3]
    losses = message.take()
    let offsets: [Int] = message.take()
    let numbers: [Float] = message.take()
    values = zip(offsets, numbers).map { ($0, $1) }
  }
}
