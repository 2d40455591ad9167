/// How often each choice won.
package struct StepTally: Sendable, Hashable, Codable {
  package var kept = 0
  package var plus = 0
  package var minus = 0

  package init() {}

  package var steps: Int { kept + plus + minus }
}

/// All that changes while a search runs, as it is between two neurons.
package struct SearchState: Sendable, Hashable {
  /// The flat vector that `ParameterLayout` divides.
  package var parameters: [Float]
  package var cursor: SearchCursor
  /// Standard deviation of each layer's initial weights, before `deviationScale`; indexed like the
  /// layout's layers. For a layer without weights the constant that gamma and beta use.
  package var initialDeviations: [Double]
  /// What each layer's deviation has come to be multiplied by, where the deviations follow the steps'
  /// success; nil where they do not.
  package var deviationFactors: [Double]?
  /// Choices in the cycle under way, a tally a layer.
  package var tallies: [StepTally]
  /// Sum of the chosen candidates' losses over the steps of the cycle under way.
  package var lossSum: Double
  /// Steps of the cycle under way that compared candidates: those whose losses are summed.
  package var comparisons: Int
  /// Candidate losses evaluated in the cycle under way.
  package var evaluations: Int
  /// The parameters of the cursor's layer as they were when the layer was begun, where its neurons are
  /// searched as if at the same time and some have been; `parameters` holds what they have come to.
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
