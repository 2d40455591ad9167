extension StepTally {
  package mutating func count(_ choice: Choice) {
    switch choice {
    case .kept: kept += 1
    case .plus: plus += 1
    case .minus: minus += 1
    }
  }

  package mutating func add(_ other: StepTally) {
    kept += other.kept
    plus += other.plus
    minus += other.minus
  }
}

extension Sequence<StepTally> {
  /// The tallies' sum.
  package var total: StepTally { reduce(into: StepTally()) { $0.add($1) } }
}
