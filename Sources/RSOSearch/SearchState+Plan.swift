import RSONetworks

extension SearchState {
  /// Where a run of `plan` begins.
  ///
  /// - Parameter given: The parameters that the plan names; nil if it names none.
  ///
  /// *Throws:* when the plan is not valid, or its parameters are not given.
  package static func initial(
    plan: SearchPlan, parameters given: [Float]? = nil
  ) throws -> SearchState {
    try plan.validate()
    let layout = try StageGraph(plan.architecture).layout
    guard (given == nil) == (plan.initialParameters == nil),
      given == nil || given?.count == layout.parameterCount
    else {
      throw SearchError.stateMismatch(
        what: "initial parameters", expected: plan.initialParameters?.source ?? "none",
        found: given == nil ? "none" : "others")
    }
    var parameters = given ?? Initializer.parameters(layout: layout, seed: plan.seed)
    let deviations = Initializer.initialDeviations(layout: layout, parameters: parameters)
    plan.options.weights.restrict(&parameters, layout: layout, deviations: deviations)
    return SearchState(
      parameters: parameters,
      cursor: SearchOrder(layout, options: plan.options).first(cycle: 0),
      initialDeviations: deviations,
      tallies: Array(repeating: StepTally(), count: layout.layers.count),
      deviationFactors: plan.options.adapt == .none
        ? nil : Array(repeating: 1, count: layout.layers.count))
  }

  /// Checks that the state is one of a network that is searched in `order`: a search may begin from
  /// any that passes.
  package func validate(order: SearchOrder) throws {
    let layout = order.layout
    func require(_ holds: Bool, _ what: String, _ expected: String, _ found: String) throws {
      guard holds else {
        throw SearchError.stateMismatch(what: what, expected: expected, found: found)
      }
    }
    try require(
      parameters.count == layout.parameterCount, "number of parameters",
      "\(layout.parameterCount)", "\(parameters.count)")
    try require(
      parameters.allSatisfy(\.isFinite), "parameters", "finite numbers", "a number that is not")
    try require(
      order.contains(cursor), "cursor", "a neuron of the network",
      "cycle \(cursor.cycle), layer \(cursor.layer), neuron \(cursor.neuron)")
    let layers = layout.layers.count
    try require(
      initialDeviations.count == layers, "number of initial deviations", "\(layers)",
      "\(initialDeviations.count)")
    try require(
      initialDeviations.allSatisfy { $0.isFinite && $0 >= 0 }, "initial deviations",
      "finite numbers of at least 0", "\(initialDeviations)")
    if let deviationFactors {
      try require(
        deviationFactors.count == layers
          && deviationFactors.allSatisfy { (0...1).contains($0) },
        "factors of the deviations", "\(layers) numbers of 0 to 1", "\(deviationFactors)")
    }
    try require(
      tallies.count == layers, "number of tallies", "\(layers)", "\(tallies.count)")
    if let layerParameters {
      let count = layout.layers[cursor.layer].parameterCount
      try require(
        layerParameters.count == count && layerParameters.allSatisfy(\.isFinite),
        "the layer's first parameters", "\(count) finite numbers", "\(layerParameters.count)")
    }
  }

  /// The parameters that the cursor's layer was begun with, where its neurons are searched as if at the
  /// same time; or else those of now.
  package func parametersAtLayerBeginning(_ layout: ParameterLayout) -> [Float] {
    guard let layerParameters else { return parameters }
    var result = parameters
    result.replaceSubrange(layout.layers[cursor.layer].range, with: layerParameters)
    return result
  }
}
