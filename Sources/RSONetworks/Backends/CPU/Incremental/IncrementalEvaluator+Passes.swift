/// The names of passes in `passTimes`. A pass of a step without a name here has the name of the stage
/// that it evaluates.
enum Pass {
  /// Batch-norm statistics over all training samples.
  static let statistics = "statistics"
  /// The layers before the searched one, at a minibatch's first visit in the layer.
  static let load = "load"
  /// Base sums, at a minibatch's first visit in a neuron.
  static let fill = "fill"
  /// The searched channel, brought up to date with the changed weights.
  static let channel = "channel"
  static let predictions = "predictions"
  /// The searched layer and those after it, where more than one weight changes at once.
  static let network = "network"
}

extension IncrementalEvaluator {
  /// Runs a pass of the search in the current layer.
  func measure<Result>(_ pass: String, _ body: () -> Result) -> Result {
    guard let passTimes else { return body() }
    return passTimes.measure(layer: searchedLayer, pass, body)
  }

  /// Runs a pass over the whole network, between two searches.
  func measureApart<Result>(_ pass: String, _ body: () -> Result) -> Result {
    guard let passTimes else { return body() }
    return passTimes.measure(layer: nil, pass, body)
  }

  /// Calls `body` for every block of the minibatch in a slot.
  ///
  /// - Parameter sums: The sums that `body` adds to.
  func forEachBlock(
    _ slot: Int, _ cache: LayerCache, sums: ChunkSums? = nil, _ body: (BlockContext) -> Void
  ) {
    execution.forEachBlock(of: cache.batchSize, sums: sums) { block, scratch in
      body(
        BlockContext(evaluator: self, cache: cache, slot: slot, block: block, scratch: scratch))
    }
  }
}
