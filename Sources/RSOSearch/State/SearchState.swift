/// The numbers of steps that chose each candidate.
package struct StepTally: Sendable, Hashable, Codable {
  package var kept: Int
  package var plus: Int
  package var minus: Int

  package init(kept: Int = 0, plus: Int = 0, minus: Int = 0) {
    self.kept = kept
    self.plus = plus
    self.minus = minus
  }

  package var steps: Int { kept + plus + minus }
}

/// Everything that changes during a search, between two neurons.
package struct SearchState: Sendable, Hashable {
  /// The flat vector of all parameters; `ParameterLayout` has the range of each tensor.
  package var parameters: [Float]
  package var cursor: SearchCursor
  /// The standard deviation of each layer's initial weights, in the order of the layout's layers and
  /// without `deviationScale`. A layer without weights has the constant that gamma and beta use.
  package var initialDeviations: [Double]
  /// Each layer's factor on the deviation of its weights, 0 to 1; nil if the deviation does not adapt.
  package var deviationFactors: [Double]?
  /// The choices in the current cycle, one tally per layer.
  package var tallies: [StepTally]
  /// The sum of the chosen candidates' losses in the current cycle.
  package var lossSum: Double
  /// The steps of the current cycle that compared candidates: those whose losses are summed.
  package var comparisons: Int
  /// The candidate losses evaluated in the current cycle.
  package var evaluations: Int
  /// The parameters of the cursor's layer as they were when the layer was begun; `parameters` holds their
  /// new values. nil unless the layer is searched in parallel and some of its neurons are finished.
  package var layerParameters: [Float]?

  package init(
    parameters: [Float], cursor: SearchCursor, initialDeviations: [Double], tallies: [StepTally],
    lossSum: Double = 0, comparisons: Int = 0, evaluations: Int = 0,
    layerParameters: [Float]? = nil, deviationFactors: [Double]? = nil
  ) {
    self.parameters = parameters
    self.cursor = cursor
    self.initialDeviations = initialDeviations
    self.deviationFactors = deviationFactors
    self.tallies = tallies
    self.lossSum = lossSum
    self.comparisons = comparisons
    self.evaluations = evaluations
    self.layerParameters = layerParameters
  }
}
