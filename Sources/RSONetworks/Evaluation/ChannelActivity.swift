/// The largest values of a layer's channels over some samples.
package struct ChannelActivity: Sendable, Equatable {
  /// The largest value of each of the layer's output channels, after its batch norm.
  package var maxima: [Double]
  /// True if only ReLUs or steps read the layer's output: a channel that is never positive then has
  /// no effect.
  package var isRectified: Bool

  package init(maxima: [Double], isRectified: Bool) {
    self.maxima = maxima
    self.isRectified = isRectified
  }

  /// Channels that are not positive for any sample and pixel.
  package var neverPositive: [Int] { maxima.indices.filter { !(maxima[$0] > 0) } }
}

extension ChannelActivity {
  /// Evaluates a network as `ReferenceEvaluator` does, and looks at one layer.
  ///
  /// - Parameters:
  ///   - layer: Index into the layout's layers.
  ///   - statistics: The statistics of batch norms; nil: the moments of these samples.
  ///
  /// *Throws:* `ArchitectureError` if the architecture is not a network, or the samples or parameters
  /// do not fit it. *Complexity:* a forward pass in double, several milliseconds per sample.
  package init(
    layer: Int, architecture: Architecture, parameters: [Float],
    statistics: NormalizationStatistics?, samples: Samples
  ) throws(ArchitectureError) {
    let graph = try StageGraph(architecture)
    try architecture.check(samples: samples)
    try architecture.check(parameters: parameters, layout: graph.layout)
    precondition(graph.layout.layers.indices.contains(layer))
    let name = graph.layout.layers[layer].name
    var output: ReferenceActivation?
    var network = ReferenceNetwork(
      architecture: architecture, layout: graph.layout, parameters: parameters)
    network.observe = { observed, value in
      if observed == name { output = value }
    }
    _ = network.evaluate(ReferenceActivation(samples, 0..<samples.count)) { layer, value in
      guard let statistics else { return value.moments }
      return (statistics.mean[layer].map(Double.init), statistics.variance[layer].map(Double.init))
    }
    maxima = output?.channelMaxima ?? []
    isRectified = graph.isRectified(layer: layer)
  }
}

extension StageGraph {
  fileprivate func isRectified(layer: Int) -> Bool {
    guard let index = stages.firstIndex(where: { $0.layer == layer }) else { return false }
    let readers = stages.filter { $0.source == .stage(index) }
    let isAdded = stages.contains { $0.skip == .stage(index) }
    return !isAdded && !readers.isEmpty && readers.allSatisfy { $0.isRectified }
  }
}

extension Stage {
  fileprivate var isRectified: Bool {
    prologue.contains { operation in
      if case .activation(let activation) = operation { activation.isRectifying } else { false }
    }
  }
}

extension ReferenceActivation {
  /// The largest value of each channel over samples and pixels; NaN is ignored.
  fileprivate var channelMaxima: [Double] {
    var maxima = [Double](repeating: -.infinity, count: shape.channels)
    for start in stride(from: 0, to: values.count, by: shape.area) {
      let channel = start / shape.area % shape.channels
      for value in values[start..<start + shape.area] where value > maxima[channel] {
        maxima[channel] = value
      }
    }
    return maxima
  }
}
