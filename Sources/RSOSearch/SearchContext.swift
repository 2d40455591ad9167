import RSONetworks

/// The values that all steps of a search share. Threads may share them, too.
struct SearchContext: Sendable {
  let plan: SearchPlan
  let order: SearchOrder
  /// The schedule for the current cycle.
  var schedule: DeviationSchedule
  let perturbations: PerturbationSampler
  let batchSampler: BatchSampler
  /// The set of each layer's weights; nil for unrestricted weights.
  let grids: [LayerGrids?]
  /// The unit of each output of the last layer; empty if all are 1.
  private let targetScales: [Double]
  /// The program that computes the objective; nil if rso does.
  let program: (any ObjectiveProgram)?

  init(
    _ plan: SearchPlan, order: SearchOrder, state: SearchState, program: (any ObjectiveProgram)?
  ) {
    self.plan = plan
    self.program = program
    self.order = order
    targetScales = TargetUnits.scales(plan, order.layout)
    schedule = DeviationSchedule(state, options: plan.options)
    perturbations = PerturbationSampler(seed: plan.seed, distribution: plan.options.proposal)
    grids = plan.options.weights.grids(
      deviations: state.initialDeviations, units: targetScales)
    batchSampler = BatchSampler(
      options: plan.options, seed: plan.seed, samples: plan.data.trainingCount,
      layers: order.layout.layers.map(\.name))
  }

  var options: SearchOptions { plan.options }

  /// The deviation of the proposals for a parameter of one of a layer's outputs.
  func deviation(_ kind: ParameterKind, layer: Int, output: Int, cycle: Int) -> Double {
    let deviation = schedule.deviation(layer: layer, kind: kind, cycle: cycle)
    let hasUnit =
      layer == order.layout.layers.count - 1 && !targetScales.isEmpty
      && (kind == .bias || kind == .weight)
    return hasUnit ? deviation * targetScales[output] : deviation
  }

  /// The share by which a parameter of a layer shrinks at a visit. A restricted weight does not, nor does the bias
  /// that holds the mean of the numbers to predict.
  func decay(_ kind: ParameterKind, layer: Int) -> Double {
    let isRestricted = kind == .weight && grids[layer] != nil
    let holdsMean =
      kind == .bias && layer == order.layout.layers.count - 1
      && plan.data.learningTask == .regression
    return isRestricted || holdsMean ? 0 : options.weightDecay
  }

  /// *Throws:* the failure of the program that computes the objective.
  func checkProgram() throws {
    if let failure = program?.failure { throw failure }
  }

  func lossNotFinite(_ cursor: SearchCursor) -> SearchError {
    .lossNotFinite(layer: order.layout.layers[cursor.layer].name, cycle: cursor.cycle + 1)
  }
}
