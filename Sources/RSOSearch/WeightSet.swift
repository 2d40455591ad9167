import RSONetworks

/// The values that weights may have. Biases, gammas and betas are always real numbers.
package enum WeightSet: String, OptionValue, CaseIterable {
  case real
  /// -s and s, where s is the layer's scale.
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

  package func grids(deviations: [Double]) -> [WeightGrid?] {
    deviations.map { grid(deviation: $0) }
  }

  /// Replaces each weight by the nearest member of its layer's set.
  package func restrict(
    _ parameters: inout [Float], layout: ParameterLayout, deviations: [Double]
  ) {
    for (layer, deviation) in zip(layout.layers, deviations) {
      guard let grid = grid(deviation: deviation), let weight = layer.tensor(.weight) else {
        continue
      }
      for offset in weight.range { parameters[offset] = grid.nearest(parameters[offset]) }
    }
  }

  /// For each layer, the deviation whose set has all its weights; nil where there is none, or only zeros. So weights
  /// that are in such a set already keep their values and their scale.
  package func deviations(keeping parameters: [Float], layout: ParameterLayout) -> [Double?] {
    layout.layers.map { layer in
      guard self != .real, let weight = layer.tensor(.weight) else { return nil }
      let weights = parameters[weight.range]
      guard let least = weights.map(abs).filter({ $0 > 0 }).min() else { return nil }
      // The least weight may be a multiple of the scale.
      let multiples = self == .int8 ? 1...127 : 1...1
      return multiples.lazy.map { Double(least) / Double($0) * (self == .int8 ? 16 : 1) }.first {
        grid(deviation: $0).map { weights.allSatisfy($0.contains) } ?? false
      }
    }
  }

  /// The first layer with a weight outside its set; nil if there is none.
  package func firstLayerOutside(
    _ parameters: [Float], layout: ParameterLayout, deviations: [Double]
  ) -> String? {
    zip(layout.layers, deviations).first { layer, deviation in
      guard let grid = grid(deviation: deviation), let weight = layer.tensor(.weight) else {
        return false
      }
      return !parameters[weight.range].allSatisfy(grid.contains)
    }?.0.name
  }

  /// True if a step compares all values of the set, so that nothing is drawn.
  package var isSmall: Bool { self == .binary || self == .ternary }
}

/// The multiples of a scale that a layer's weights may be: k * scale for -limit <= k <= limit.
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
