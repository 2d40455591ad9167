extension StateEntry {
  /// Every entry but the parameters, in the order in which a checkpoint's bytes have them. Each may rely
  /// on those before it.
  package static let all: [StateEntry] = [
    // Finished cycles, layer, neuron.
    StateEntry(
      "cursor", .int64, isIdentity: true, shape: { _ in [3] },
      values: { state, _ in
        .int64([state.cursor.cycle, state.cursor.layer, state.cursor.neuron])
      },
      assign: { values, state in
        guard case .int64(let parts) = values else { return }
        state.cursor = SearchCursor(cycle: parts[0], layer: parts[1], neuron: parts[2])
      },
      flaw: { state, scope in
        let cursor = state.cursor
        return scope.isInRun
          ? nil
          : "cycle \(cursor.cycle), layer \(cursor.layer), neuron \(cursor.neuron) is not a position "
            + "in this run"
      }),
    // The standard deviation of each layer's initial weights, before any factor.
    StateEntry(
      "initial_deviation", .float64, isIdentity: true, rule: .finiteNotNegative,
      shape: { [$0.layers] }, values: { state, _ in .float64(state.initialDeviations) },
      assign: { values, state in
        if case .float64(let deviations) = values { state.initialDeviations = deviations }
      }),
    // The deviation of each finished cycle and layer.
    StateEntry(
      "deviation", .float64, isHistory: true, shape: { [$0.cursor.cycle, $0.layers] },
      values: { _, history in .float64(history.flatMap(\.deviations)) }),
    // How often each layer kept, added and subtracted in the current cycle.
    StateEntry(
      "choices", .int64, rule: .count, shape: { [$0.layers, 3] },
      values: { state, _ in .int64(state.tallies.flatMap { [$0.kept, $0.plus, $0.minus] }) },
      assign: { values, state in
        guard case .int64(let counts) = values else { return }
        state.tallies = stride(from: 0, to: counts.count, by: 3).map {
          StepTally(kept: counts[$0], plus: counts[$0 + 1], minus: counts[$0 + 2])
        }
      }),
    StateEntry(
      "loss_sum", .float64, rule: .finite, shape: { _ in [] },
      values: { state, _ in .float64([state.lossSum]) },
      assign: { values, state in
        if case .float64(let sum) = values { state.lossSum = sum[0] }
      }),
    // In version 1 every step compared.
    StateEntry(
      "comparisons", .int64, since: Version(major: 2, minor: 0), rule: .count,
      shape: { _ in [] }, values: { state, _ in .int64([state.comparisons]) },
      assign: { values, state in
        if case .int64(let count) = values { state.comparisons = count[0] }
      },
      older: { .int64([$0.tallies.total.steps]) },
      flaw: { state, _ in
        let steps = state.tallies.total.steps
        return state.comparisons <= steps ? nil : "\(state.comparisons) of \(steps) steps"
      }),
    StateEntry(
      "evaluations", .int64, rule: .count, shape: { _ in [] },
      values: { state, _ in .int64([state.evaluations]) },
      assign: { values, state in
        if case .int64(let count) = values { state.evaluations = count[0] }
      }),
    // The factor on the deviation of each layer's weights.
    StateEntry(
      "deviation_factor", .float64, since: Version(major: 2, minor: 1), isIdentity: true,
      rule: .share, absence: "the plan does not adapt the deviation",
      shape: { $0.plan.options.adapt == .none ? nil : [$0.layers] },
      values: { state, _ in state.deviationFactors.map { .float64($0) } },
      assign: { values, state in
        if case .float64(let factors) = values { state.deviationFactors = factors }
      }),
    // The parameters of the cursor's layer as they were when the layer was begun.
    StateEntry(
      "layer_parameters", .float32, since: Version(major: 2, minor: 0), isIdentity: true,
      rule: .finite, absence: "no layer is searched in parallel",
      shape: { scope in
        guard scope.plan.options.parallel != .none, scope.order.contains(scope.cursor),
          !scope.order.beginsLayer(scope.cursor)
        else { return nil }
        return [scope.layout.layers[scope.cursor.layer].parameterCount]
      },
      values: { state, _ in state.layerParameters.map { .float32($0) } },
      assign: { values, state in
        if case .float32(let parameters) = values { state.layerParameters = parameters }
      }),
  ]
}
