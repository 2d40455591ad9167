extension StepTally {
  package mutating func count(_ choice: Choice) {
    switch choice {
    case .kept: kept += 1
    case .plus: plus += 1
    case .minus: minus += 1
    }
  }

  mutating func add(_ other: StepTally) {
    kept += other.kept
    plus += other.plus
    minus += other.minus
  }
}
