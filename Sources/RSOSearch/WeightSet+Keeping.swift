import RSONetworks

/// The recognition of weights that are in a set already.
extension WeightSet {
  /// For each layer, the deviation whose sets have all its weights; nil where there is none, or only zeros. So weights
  /// that are in such sets already keep their values and their scale.
  package func deviations(
    keeping parameters: [Float], layout: ParameterLayout, units: [Double] = []
  ) -> [Double?] {
    layout.layers.enumerated().map { index, layer in
      guard self != .real, let weight = layer.tensor(.weight) else { return nil }
      let weights = parameters[weight.range]
      let isLast = index == layout.layers.count - 1
      return deviation(of: weights, fanIn: layer.fanIn, units: isLast ? units : [])
    }
  }

  private func deviation(
    of weights: ArraySlice<Float>, fanIn: Int, units: [Double]
  ) -> Double? {
    let rows =
      units.isEmpty
      ? [weights]
      : units.indices.map {
        weights.dropFirst($0 * fanIn).prefix(fanIn)
      }
    // The deviations that all outputs allow, as several ranges if the multiples are not known.
    var allowed: [ClosedRange<Double>] = []
    var isFirst = true
    for (row, unit) in zip(rows, units.isEmpty ? [1] : units) where row.contains(where: { $0 != 0 })
    {
      let own = deviations(of: row, unit: unit)
      allowed =
        isFirst
        ? own
        : allowed.flatMap { range in
          own.filter(range.overlaps).map { $0.clamped(to: range) }
        }
      isFirst = false
    }
    return allowed.lazy.map { ($0.lowerBound + $0.upperBound) / 2 }.first {
      grids(deviation: $0, units: units)?.contain(weights, fanIn: fanIn) ?? false
    }
  }

  /// The ranges of deviations whose sets have all the weights of an output with this unit.
  private func deviations(of row: ArraySlice<Float>, unit: Double) -> [ClosedRange<Double>] {
    guard let least = row.map(abs).filter({ $0 > 0 }).min() else { return [] }
    // The least weight may be a multiple of the scale.
    return (self == .int8 ? 1...127 : 1...1).compactMap { multiple in
      let scale = Double(least) / Double(multiple)
      let factor = (self == .int8 ? 16 : 1) / unit
      guard let grid = grid(deviation: self == .int8 ? 16 * scale : scale),
        row.allSatisfy(grid.contains)
      else { return nil }
      // All numbers that round to the scale; below a power of two, they are half as far apart.
      let middle = Double(grid.scale)
      let above = middle.binade / 256
      let below = middle == middle.binade ? above / 2 : above
      return ((middle - 0.99 * below) * factor)...((middle + 0.99 * above) * factor)
    }
  }
}
