import RSONetworks

/// What all steps of a search have in common: values alone, that threads may share.
struct SearchContext: Sendable {
  let plan: SearchPlan
  let order: SearchOrder
  /// For the cycle at hand.
  var schedule: DeviationSchedule
  let perturbations: PerturbationSampler
  let batchSampler: BatchSampler
  /// What each layer's weights are restricted to; nil where they are not.
  let grids: [WeightGrid?]

  init(_ plan: SearchPlan, order: SearchOrder, state: SearchState) {
    self.plan = plan
    self.order = order
    schedule = DeviationSchedule(state, options: plan.options)
    perturbations = PerturbationSampler(seed: plan.seed, distribution: plan.options.proposal)
    grids = plan.options.weights.grids(deviations: state.initialDeviations)
    batchSampler = BatchSampler(
      options: plan.options, seed: plan.seed, population: plan.data.trainingCount,
      layers: order.layout.layers.map(\.name))
  }

  var options: SearchOptions { plan.options }

  func lossNotFinite(_ cursor: SearchCursor) -> SearchError {
    .lossNotFinite(layer: order.layout.layers[cursor.layer].name, cycle: cursor.cycle + 1)
  }
}
