import RSONumerics

/// The parameters that a search begins with.
package enum Initializer {
  /// The deviation of proposals for a layer without weights, and the first deviation of every gamma and
  /// beta (whose own deviation is 0): the constant of the paper's program.
  package static let normalizationDeviation = 0.167

  /// Draws weights from N(0, sqrt(2 / fan-in)), each layer from a stream of its own, in the order of the
  /// weights. Gamma is 1; beta and bias are 0. A block of parameters has a deviation of its own.
  ///
  /// *Paper:* RSO § 3, after He et al. *Reproducibility:* bitwise.
  package static func parameters(layout: ParameterLayout, seed: UInt64) -> [Float] {
    let key = RandomKey(seed: seed, purpose: .initialization)
    var parameters = [Float](repeating: 0, count: layout.parameterCount)
    for (index, layer) in layout.layers.enumerated() {
      if let weight = layer.tensor(.weight) {
        let deviation = layer.deviation ?? (2 / Double(layer.fanIn)).squareRoot()
        var stream = key.stream(index)
        for offset in weight.range {
          parameters[offset] = Float(deviation * stream.nextNormal())
        }
      }
      if let gamma = layer.tensor(.gamma) {
        for offset in gamma.range { parameters[offset] = 1 }
      }
    }
    return parameters
  }

  /// Returns the deviation of the elements of each layer's weight tensor just after initialisation, and
  /// `normalizationDeviation` for a layer without weights, and its own for a block of parameters. A single weight has
  /// the deviation that it is drawn with. Indexed like `layout.layers`.
  package static func initialDeviations(layout: ParameterLayout, parameters: [Float]) -> [Double] {
    precondition(parameters.count == layout.parameterCount)
    return layout.layers.map { layer in
      if let deviation = layer.deviation { return deviation }
      guard let weight = layer.tensor(.weight) else { return normalizationDeviation }
      guard weight.count > 1 else { return (2 / Double(layer.fanIn)).squareRoot() }
      let elements = parameters[weight.range].map(Double.init)
      let count = Double(elements.count)
      let mean = elements.reduce(0, +) / count
      let squares = elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / count).squareRoot()
    }
  }
}
