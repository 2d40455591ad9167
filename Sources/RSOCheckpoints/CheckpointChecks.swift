import RSONetworks
import RSOSearch

extension Checkpoint {
  /// More than any run counts to, so that sums over all layers and cycles that a file has room for
  /// are numbers, too.
  static let mostCounted = 1 << 40

  /// Checks that the parts belong together: what is saved passes, and what is read passes, or is
  /// refused.
  ///
  /// *Throws:* `Defect`, with the object's path in the file.
  func check(layout: ParameterLayout) throws(Defect) {
    do { try plan.validate() } catch { throw Defect(error, in: "/plan") }
    try require(!plan.numericPath.isEmpty, "/plan", "names no numeric path")
    try checkState(layout)
    if let statistics { try Self.check(statistics, layout) }
    try checkHistory(layers: layout.layers.count)
    try require(
      (0...Self.mostCounted).contains(provenance.resumes), "/provenance",
      "\(provenance.resumes) resumes, not 0 to \(Self.mostCounted)")
    try require(
      provenance.secondsInCycle.isFinite && provenance.secondsInCycle >= 0, "/provenance",
      "\(provenance.secondsInCycle) seconds in a cycle")
  }

  private func checkState(_ layout: ParameterLayout) throws(Defect) {
    let layers = layout.layers.count
    try require(
      state.parameters.count == layout.parameterCount, "/parameters",
      "\(state.parameters.count) numbers where the architecture has \(layout.parameterCount)")
    for layer in layout.layers {
      for tensor in layer.tensors {
        try require(
          state.parameters[tensor.range].allSatisfy(\.isFinite),
          "/parameters/\(layer.name)/\(tensor.kind.rawValue)", "a number that is not finite")
      }
    }
    let cursor = state.cursor
    let order = SearchOrder(layout, options: plan.options)
    // What restricted weights were before they were brought into their set is not known.
    if let initial = plan.initialParameters, cursor == order.first(cycle: 0),
      plan.options.weights == .real
    {
      try require(
        InitialParameters.sha256(of: state.parameters) == initial.sha256, "/parameters",
        "not those that the plan begins with")
    }
    try require(
      order.contains(cursor)
        && (cursor.cycle < plan.options.cycles
          || cursor == order.first(cycle: plan.options.cycles)),
      "/search/cursor",
      """
      cycle \(cursor.cycle), layer \(cursor.layer), neuron \(cursor.neuron) is not a place in this \
      run
      """)
    try require(
      state.initialDeviations.count == layers
        && state.initialDeviations.allSatisfy { $0.isFinite && $0 >= 0 },
      "/search/initial_deviation", "not a finite number of at least 0 for each layer")
    let isAdapted = plan.options.adapt != .none
    try require(
      (state.deviationFactors != nil) == isAdapted, "/search/deviation_factor",
      isAdapted ? "missing" : "there, but no deviation follows the steps' success")
    if let factors = state.deviationFactors {
      try require(
        factors.count == layers && factors.allSatisfy { (0...1).contains($0) },
        "/search/deviation_factor", "not a number of 0 to 1 for each layer")
    }
    if let layer = plan.options.weights.firstLayerOutside(
      state.parameters, layout: layout, deviations: state.initialDeviations)
    {
      throw Defect(
        "/parameters/\(layer)/weight", "a number outside the set '\(plan.options.weights.rawValue)'"
      )
    }
    try Self.check(state.tallies, layers: layers, "/search/choices")
    try require(state.lossSum.isFinite, "/search/loss_sum", "not a finite number")
    try require(
      (0...Self.mostCounted).contains(state.evaluations), "/search/evaluations",
      "\(state.evaluations), not 0 to \(Self.mostCounted)")
    let steps = state.tallies.reduce(0) { $0 + $1.steps }
    try require(
      (0...steps).contains(state.comparisons), "/search/comparisons",
      "\(state.comparisons) of \(steps) steps")
    let isInside = plan.options.parallel != .none && !order.beginsLayer(cursor)
    try require(
      (state.layerParameters != nil) == isInside, "/search/layer_parameters",
      isInside ? "missing" : "there, but no layer is searched in parallel")
    if let layerParameters = state.layerParameters {
      try require(
        layerParameters.count == layout.layers[cursor.layer].parameterCount
          && layerParameters.allSatisfy(\.isFinite),
        "/search/layer_parameters", "not a finite number for each of the layer's parameters")
    }
  }

  private static func check(
    _ statistics: NormalizationStatistics, _ layout: ParameterLayout
  ) throws(Defect) {
    try require(
      statistics.mean.count == layout.layers.count
        && statistics.variance.count == layout.layers.count,
      "/statistics", "not one entry for each layer")
    for (index, layer) in layout.layers.enumerated() {
      let channels = layer.tensor(.gamma) == nil ? 0 : layer.outputs
      let (mean, variance) = (statistics.mean[index], statistics.variance[index])
      try require(
        mean.count == channels && mean.allSatisfy(\.isFinite), "/statistics/\(layer.name)/mean",
        "not a finite number for each of \(channels) channels")
      try require(
        variance.count == channels && variance.allSatisfy { $0.isFinite && $0 >= 0 },
        "/statistics/\(layer.name)/variance",
        "not a finite number of at least 0 for each of \(channels) channels")
    }
  }

  private func checkHistory(layers: Int) throws(Defect) {
    try require(
      history.count == state.cursor.cycle, "/history",
      "\(history.count) rows where \(state.cursor.cycle) cycles are finished")
    for (index, record) in history.enumerated() {
      try require(
        record.cycle == index + 1, "/history/cycle", "row \(index) is of cycle \(record.cycle)")
      // A loss may be infinite; an accuracy is a share.
      try require(
        (0...1).contains(record.testAccuracy), "/history/test_accuracy",
        "\(record.testAccuracy) in cycle \(record.cycle), not 0 to 1")
      try require(
        (0...Self.mostCounted).contains(record.evaluations), "/history/evaluations",
        "\(record.evaluations) in cycle \(record.cycle), not 0 to \(Self.mostCounted)")
      try require(
        record.seconds.isFinite && record.seconds >= 0, "/history/seconds",
        "\(record.seconds) in cycle \(record.cycle)")
      try require(
        record.deviations.count == layers
          && record.deviations.allSatisfy { $0.isFinite && $0 >= 0 },
        "/search/deviation",
        "not a finite number of at least 0 for each layer in cycle \(record.cycle)")
      try Self.check(record.tallies, layers: layers, "/history/choices")
    }
  }

  private static func check(
    _ tallies: [StepTally], layers: Int, _ object: String
  ) throws(Defect) {
    try require(tallies.count == layers, object, "\(tallies.count) tallies, not \(layers)")
    try require(
      tallies.allSatisfy { $0.kept >= 0 && $0.plus >= 0 && $0.minus >= 0 }, object, "below 0")
    try require(
      tallies.allSatisfy { max($0.kept, $0.plus, $0.minus) <= mostCounted }, object,
      "more steps than a cycle can have")
  }
}
