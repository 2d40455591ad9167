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
    try validate(data.trainingCount, least: 1, "number of training samples")
    try validate(data.testCount, least: 0, "number of test samples")
    try options.validate(samples: data.trainingCount)
    let side = min(data.shape.height, data.shape.width)
    if options.augment.shift >= side {
      throw SearchError.invalidOption(
        name: "augment", value: "\(options.augment)",
        expected: "a shift of 1 to \(side - 1) pixels, by the images' size")
    }
    let names = graph.layout.layers.map(\.name)
    for layer in options.batchFactors.factors.keys.sorted() where !names.contains(layer) {
      throw SearchError.invalidOption(
        name: "batch-factors", value: "\(options.batchFactors)",
        expected: "layers of the network: \(names.joined(separator: ", "))")
    }
  }

  private func require<Value: Equatable>(
    _ expected: Value, equals found: Value, _ what: String
  ) throws {
    guard expected == found else {
      throw SearchError.dataMismatch(
        what: what, architecture: "\(expected)", data: "\(found)")
    }
  }

  /// As many samples as have a 32-bit index.
  private func validate(_ count: Int, least: Int, _ name: String) throws {
    let possible = least...Int(Int32.max)
    guard possible.contains(count) else {
      throw SearchError.invalidOption(
        name: name, value: "\(count)", expected: "\(least) to \(possible.upperBound)")
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
  /// More than anyone waits for, and few enough to be multiplied by a network's parameters.
  private static let mostCycles = 1_000_000_000

  /// Checks the options against each other and against the number of training samples.
  package func validate(samples: Int) throws {
    let possible = 1...Self.mostCycles
    try require(possible.contains(cycles), "cycles", cycles, "1 to \(Self.mostCycles)")
    if let annealCycles {
      try require(
        possible.contains(annealCycles), "anneal-cycles", annealCycles, "1 to \(Self.mostCycles)")
    }
    if let phaseSamples {
      try require(
        (1...max(samples, 1)).contains(phaseSamples), "phase-samples", phaseSamples,
        "1 to \(samples), the number of training samples")
    }
    let most = phaseSamples ?? samples
    let limit = phaseSamples == nil ? "the number of training samples" : "the samples of a phase"
    for size in batchSize.sizes {
      try require(
        size >= 1 && size <= most, "batch-size", size, "1 to \(most), \(limit)")
    }
    for phase in batchSize.phases {
      try require(
        phase.cycles >= 1, "batch-size", "\(phase.size):\(phase.cycles)", "at least 1 cycle")
    }
    for factor in batchFactors.factors.values {
      try require(factor >= 1, "batch-factors", batchFactors, "factors of at least 1")
    }
    try require(hold >= 1, "hold", hold, "at least 1")
    try require(
      sigmaScale > 0 && sigmaScale <= 1e6, "sigma-scale", sigmaScale, "above 0 and at most 1000000")
    try require(annealTo > 0 && annealTo <= 1, "anneal-to", annealTo, "above 0 and at most 1")
    try require(
      weightDecay >= 0 && weightDecay < 1, "weight-decay", weightDecay, "at least 0 and below 1")
    try validateCombinations()
  }

  /// Refuses options that go each by itself, but not together.
  private func validateCombinations() throws {
    func refuse(_ first: String, _ second: String, _ reason: String) -> SearchError {
      .incompatibleOptions(first, second, reason: reason)
    }
    if granularity != .weight {
      let granularity = "granularity '\(granularity.rawValue)'"
      if parallel != .none {
        throw refuse(
          granularity, "parallel '\(parallel.rawValue)'",
          "its proposals change all of a layer, so there are no neurons to search side by side")
      }
      if hold > 1 {
        throw refuse(granularity, "hold \(hold)", "a minibatch is held for weights of one neuron")
      }
      if order != .output {
        throw refuse(
          granularity, "order '\(order.rawValue)'", "the weights of a layer have no order in it")
      }
    }
    if adapt != .none {
      let adapt = "adapt '\(adapt.rawValue)'"
      if granularity == .network {
        throw refuse(
          adapt, "granularity 'network'",
          "its proposals change all layers, so none has steps of its own")
      }
      if weights.isSmall {
        throw refuse(
          adapt, "weights '\(weights.rawValue)'", "their proposals have no deviation")
      }
    }
    if weights != .real {
      let weights = "weights '\(weights.rawValue)'"
      if granularity != .weight {
        throw refuse(
          weights, "granularity '\(granularity.rawValue)'", "each weight moves within its set alone"
        )
      }
      if selection == .vertex {
        throw refuse(weights, "selection 'vertex'", "a vertex lies between the values of the set")
      }
      if self.weights.isSmall, proposal != .gaussian {
        throw refuse(
          weights, "proposal '\(proposal.rawValue)'",
          "all other values of the set are compared, so that none is drawn")
      }
    }
    if hold > 1, parallel == .layer {
      throw refuse(
        "hold \(hold)", "parallel 'layer'",
        "a step's choice is not seen by the next one, whose current loss it therefore does not tell"
      )
    }
    if hold > 1, selection == .vertex {
      throw refuse(
        "hold \(hold)", "selection 'vertex'",
        "the loss at a vertex is not evaluated, so the next step's current loss is not known")
    }
  }

  private func require<Value>(
    _ holds: Bool, _ name: String, _ value: Value, _ expected: String
  ) throws {
    guard holds else {
      throw SearchError.invalidOption(name: name, value: "\(value)", expected: expected)
    }
  }
}
