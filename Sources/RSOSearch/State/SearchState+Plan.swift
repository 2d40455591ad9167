import RSONetworks

extension SearchState {
  /// The state at the beginning of a run of `plan`.
  ///
  /// - Parameter given: The parameters that the plan names; nil if it names none.
  ///
  /// *Throws:* what `SearchPlan.validate` does; `SearchError.invalidState` if the parameters are not those
  /// that the plan needs.
  package static func initial(
    plan: SearchPlan, parameters given: [Float]? = nil
  ) throws -> SearchState {
    try plan.validate()
    let layout = try plan.architecture.layout()
    if let problem = Self.problem(given, named: plan.initialParameters, layout) {
      throw SearchError.invalidState(object: "/parameters", problem: problem)
    }
    var parameters = given ?? Initializer.parameters(layout: layout, seed: plan.seed)
    let units = TargetUnits.scales(plan, layout)
    var deviations = TargetUnits.initialDeviations(parameters, units, layout)
    if given != nil {
      let known = plan.options.weights.deviations(keeping: parameters, layout: layout, units: units)
      for (layer, deviation) in known.enumerated() {
        if let deviation { deviations[layer] = deviation }
      }
    }
    plan.options.weights.restrict(&parameters, layout: layout, deviations: deviations, units: units)
    return SearchState(
      parameters: parameters,
      cursor: SearchOrder(layout, options: plan.options).first(cycle: 0),
      initialDeviations: deviations,
      tallies: Array(repeating: StepTally(), count: layout.layers.count),
      deviationFactors: plan.options.adapt == .none
        ? nil : Array(repeating: 1, count: layout.layers.count))
  }

  /// The problem with the parameters that a run is given to begin with; nil if there is none.
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

  /// All parameters, with those of the cursor's layer as they were at the layer's beginning if the layer is
  /// searched in parallel.
  package func parametersAtLayerBeginning(_ layout: ParameterLayout) -> [Float] {
    guard let layerParameters else { return parameters }
    var result = parameters
    result.replaceSubrange(layout.layers[cursor.layer].range, with: layerParameters)
    return result
  }
}
