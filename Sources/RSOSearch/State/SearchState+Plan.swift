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
    if let problem = Self.problem(given, named: plan.initialParameters, layout) {
      throw SearchError.invalidState(object: "/parameters", problem: problem)
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

  /// What is wrong with the parameters that a run is given to begin with; nil if nothing is.
  private static func problem(
    _ given: [Float]?, named initial: InitialParameters?, _ layout: ParameterLayout
  ) -> String? {
    switch (given, initial) {
    case (nil, let initial?): "the plan begins with those of '\(initial.source)'; none are given"
    case (_?, nil): "some are given, but the plan draws them from the seed"
    case (let given?, _?) where given.count != layout.parameterCount:
      "\(given.count) numbers, expected \(layout.parameterCount)"
    default: nil
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
