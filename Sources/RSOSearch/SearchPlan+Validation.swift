import RSONetworks

extension SearchPlan {
  /// Checks that a search can follow the plan.
  ///
  /// *Throws:* `SearchError` or `ArchitectureError`: the first thing that is wrong.
  package func validate() throws {
    let graph = try StageGraph(architecture)
    guard graph.layout.parameterCount > 0 else {
      throw SearchError.invalidOption(
        name: "architecture", value: architecture.name, expected: "a network with parameters")
    }
    try require(architecture.input, equals: data.shape, "input shape")
    try require(architecture.classes, equals: data.classes, "number of classes")
    try validateNormalization()
    try options.validate(samples: data.trainingCount)
  }

  private func require<Value: Equatable>(
    _ expected: Value, equals found: Value, _ what: String
  ) throws {
    guard expected == found else {
      throw SearchError.dataMismatch(
        what: what, architecture: "\(expected)", data: "\(found)")
    }
  }

  private func validateNormalization() throws {
    let channels = data.shape.channels
    guard normalization.mean.count == channels, normalization.standardDeviation.count == channels,
      normalization.mean.allSatisfy(\.isFinite),
      normalization.standardDeviation.allSatisfy({ $0.isFinite && $0 >= 0 })
    else { throw SearchError.unusableNormalization(channels: channels) }
  }
}

extension SearchOptions {
  /// Checks the options against each other and against the number of training samples.
  package func validate(samples: Int) throws {
    try require(cycles >= 1, "cycles", cycles, "at least 1")
    if let annealCycles {
      try require(annealCycles >= 1, "annealing cycles", annealCycles, "at least 1")
    }
    if let phaseSamples {
      try require(
        (1...max(samples, 1)).contains(phaseSamples), "phase samples", phaseSamples,
        "1 to \(samples), the number of training samples")
      try require(
        (1...phaseSamples).contains(batchSize), "batch size", batchSize,
        "1 to \(phaseSamples), the samples of a phase")
    } else {
      try require(
        batchSize >= 1 && batchSize <= samples, "batch size", batchSize,
        "1 to \(samples), the number of training samples")
    }
    try require(
      sigmaScale.isFinite && sigmaScale > 0, "sigma scale", sigmaScale, "a finite number above 0")
    try require(annealTo > 0 && annealTo <= 1, "annealing end", annealTo, "above 0 and at most 1")
    try require(
      weightDecay >= 0 && weightDecay < 1, "weight decay", weightDecay, "at least 0 and below 1")
  }

  private func require<Value>(
    _ holds: Bool, _ name: String, _ value: Value, _ expected: String
  ) throws {
    guard holds else {
      throw SearchError.invalidOption(name: name, value: "\(value)", expected: expected)
    }
  }
}
