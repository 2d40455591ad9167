/// What `passTimes` calls the passes. A pass of a step that is not named here has the name of the
/// stage that it evaluates.
enum Pass {
  /// Batch-norm statistics over all training samples.
  static let statistics = "statistics"
  /// The layers before the searched one, for a minibatch that comes for the first time.
  static let load = "load"
  /// Residuals, for a minibatch that comes for the first time in a neuron.
  static let fill = "fill"
  /// The searched channel, brought up to date with the weights that have changed.
  static let channel = "channel"
  static let predictions = "predictions"
  /// The searched layer and those after it, where more than one weight is changed at once.
  static let network = "network"
}

extension IncrementalEvaluator {
  /// Runs a pass of the search in the layer at hand.
  func measure<Result>(_ pass: String, _ body: () -> Result) -> Result {
    guard let passTimes else { return body() }
    return passTimes.measure(layer: searchedLayer, pass, body)
  }

  /// Runs a pass over the whole network, between two searches.
  func measureApart<Result>(_ pass: String, _ body: () -> Result) -> Result {
    guard let passTimes else { return body() }
    return passTimes.measure(layer: nil, pass, body)
  }
}
