import RSONetworks

extension SearchState {
  /// Checks that a search of `plan` can reach the state, as far as the state alone shows.
  ///
  /// *Throws:* `SearchError.invalidState`, which names the object as a checkpoint does.
  package func validate(_ plan: SearchPlan, order: SearchOrder) throws(SearchError) {
    try validateParameters(order.layout)
    let scope = StateScope(plan, order: order, cursor: cursor)
    for entry in StateEntry.all { try entry.check(self, scope) }
    if let layer = plan.options.weights.firstLayerOutside(
      parameters, layout: order.layout, deviations: initialDeviations,
      units: TargetUnits.scales(plan, order.layout))
    {
      throw .invalidState(
        object: "/parameters/\(layer)/weight",
        problem: "a number outside the set '\(plan.options.weights.rawValue)'")
    }
  }

  private func validateParameters(_ layout: ParameterLayout) throws(SearchError) {
    guard parameters.count == layout.parameterCount else {
      throw .invalidState(
        object: "/parameters",
        problem: "\(parameters.count) numbers, expected \(layout.parameterCount)")
    }
    for layer in layout.layers {
      for tensor in layer.tensors
      where !parameters[tensor.range].allSatisfy(\.isFinite) {
        throw .invalidState(
          object: "/parameters/\(layer.name)/\(tensor.kind.rawValue)",
          problem: "expected \(StateRule.finite.text)")
      }
    }
  }
}
