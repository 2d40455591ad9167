import RSONetworks

extension SearchPlan {
  /// Checks that a search can follow the plan.
  ///
  /// *Throws:* `SearchError` or `ArchitectureError` for the first thing that is wrong.
  package func validate() throws {
    let graph = try StageGraph(architecture)
    guard graph.layout.parameterCount > 0 else {
      throw SearchError.invalidOption(
        name: "architecture", value: architecture.name, expected: "a network with parameters")
    }
    try require(architecture.input, equals: data.shape, "input shape")
    try require(architecture.classes, equals: data.outputs, "number of \(data.outputsNoun)")
    try validateNormalization()
    try validate(data.trainingCount, least: 1, "number of training samples")
    try validate(data.validationCount ?? 1, least: 1, "number of validation samples")
    try validate(data.testCount, least: 0, "number of test samples")
    try options.validate(
      OptionLimits(
        samples: data.trainingCount, shape: data.shape, layers: graph.layout.layers.map(\.name)))
  }

  private func require<Value: Equatable>(
    _ expected: Value, equals found: Value, _ what: String
  ) throws {
    guard expected == found else {
      throw SearchError.dataMismatch(
        what: what, architecture: "\(expected)", data: "\(found)")
    }
  }

  /// Samples are counted by 32-bit indices.
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
