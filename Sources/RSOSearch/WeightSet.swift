import RSONetworks

/// The values that weights may have. Biases, gammas and betas are always real numbers.
package enum WeightSet: String, OptionValue, CaseIterable {
  case real
  /// -s and s, where s is the layer's scale; in the last layer of a network that predicts numbers, that of the
  /// output.
  case binary
  /// -s, 0 and s.
  case ternary
  /// k s for whole k from -127 to 127.
  case int8

  /// The set of a layer with this standard deviation of the initial weights; nil for unrestricted weights.
  package func grid(deviation: Double) -> WeightGrid? {
    switch self {
    case .real: nil
    case .binary: WeightGrid(scale: deviation, limit: 1, hasZero: false)
    case .ternary: WeightGrid(scale: deviation, limit: 1, hasZero: true)
    case .int8: WeightGrid(scale: deviation / 16, limit: 127, hasZero: true)
    }
  }

  /// The sets of each layer's outputs; nil for unrestricted weights.
  ///
  /// - Parameter units: Factors on the deviation for each output of the last layer; empty for none.
  package func grids(deviations: [Double], units: [Double] = []) -> [LayerGrids?] {
    deviations.indices.map { layer in
      grids(deviation: deviations[layer], units: layer == deviations.count - 1 ? units : [])
    }
  }

  /// The sets of a layer's outputs; nil for unrestricted weights.
  func grids(deviation: Double, units: [Double]) -> LayerGrids? {
    guard self != .real else { return nil }
    return LayerGrids(
      grids: (units.isEmpty ? [1] : units).compactMap { grid(deviation: deviation * $0) })
  }

  /// Replaces each weight by the nearest member of its set.
  package func restrict(
    _ parameters: inout [Float], layout: ParameterLayout, deviations: [Double], units: [Double] = []
  ) {
    for (layer, grids) in zip(layout.layers, grids(deviations: deviations, units: units)) {
      guard let grids, let weight = layer.tensor(.weight) else { continue }
      for (index, offset) in weight.range.enumerated() {
        parameters[offset] = grids[index / layer.fanIn].nearest(parameters[offset])
      }
    }
  }

  /// The first layer with a weight outside its set; nil if there is none.
  package func firstLayerOutside(
    _ parameters: [Float], layout: ParameterLayout, deviations: [Double], units: [Double] = []
  ) -> String? {
    zip(layout.layers, grids(deviations: deviations, units: units)).first { layer, grids in
      guard let grids, let weight = layer.tensor(.weight) else { return false }
      return !grids.contain(parameters[weight.range], fanIn: layer.fanIn)
    }?.0.name
  }

  /// True if a step compares all values of the set, so that nothing is drawn.
  package var isSmall: Bool { self == .binary || self == .ternary }
}

/// The sets of a layer's outputs.
package struct LayerGrids: Sendable, Hashable {
  /// One for each output, or one for all.
  package let grids: [WeightGrid]

  package subscript(output: Int) -> WeightGrid { grids.count == 1 ? grids[0] : grids[output] }

  /// True if all weights of a layer are in the sets.
  ///
  /// - Parameter fanIn: Weights of an output.
  func contain(_ weights: ArraySlice<Float>, fanIn: Int) -> Bool {
    weights.enumerated().allSatisfy { self[$0.offset / fanIn].contains($0.element) }
  }
}

/// The multiples of a scale that weights may be: k * scale for -limit <= k <= limit.
///
/// The scale has eight significant bits. So every multiple is exact in single precision, and so is every
/// sum of a layer's weights with inputs of -1 and 1: whether such a sum is zero does not depend on the
/// order of the terms.
package struct WeightGrid: Sendable, Hashable {
  package let scale: Float
  package let limit: Int
  /// True if 0 is in the set.
  package let hasZero: Bool

  init(scale: Double, limit: Int, hasZero: Bool) {
    self.scale = Self.rounded(scale)
    self.limit = limit
    self.hasZero = hasZero
  }

  /// Rounds to eight significant bits.
  private static func rounded(_ value: Double) -> Float {
    guard value > 0, value.isFinite else { return 0 }
    let unit = value.binade / 128
    return Float((value / unit).rounded() * unit)
  }

  /// The member nearest to a value; the larger of two equally near ones.
  package func nearest(_ value: Float) -> Float {
    guard scale > 0 else { return 0 }
    guard hasZero else { return value < 0 ? -scale : scale }
    return scale * Float(multiple(Double(value)))
  }

  package func contains(_ value: Float) -> Bool { value.isFinite && nearest(value) == value }

  private func multiple(_ value: Double) -> Int {
    let quotient = (value / Double(scale) + 0.5).rounded(.down)
    return Int(max(Double(-limit), min(Double(limit), quotient)))
  }

  /// The members that a step compares with `value`, which is a member itself. The value itself
  /// stands for a missing one. In sets of more than three members, it also stands for both if
  /// `delta` is 0.
  ///
  /// - Parameter delta: The drawn change. The members are those nearest to it, at least one multiple away
  ///   and not beyond the ends. In a set of two or three members all others are compared whatever was
  ///   drawn: plus is the next larger one, or the smallest after the largest; minus is the other.
  package func others(than value: Float, delta: Float) -> (plus: Float, minus: Float) {
    guard scale > 0 else { return (value, value) }
    guard hasZero else { return value < 0 ? (scale, value) : (value, -scale) }
    let current = multiple(Double(value))
    if limit == 1 {
      func around(_ k: Int) -> Float { scale * Float(k > 1 ? -1 : k < -1 ? 1 : k) }
      return (around(current + 1), around(current - 1))
    }
    guard delta != 0 else { return (value, value) }
    let drawn = (Double(delta) / Double(scale)).rounded()
    let most = Double(2 * limit)
    let step = drawn == 0 ? (delta > 0 ? 1 : -1) : Int(max(-most, min(most, drawn)))
    func member(_ k: Int) -> Float { scale * Float(max(-limit, min(limit, k))) }
    return (member(current + step), member(current - step))
  }
}
