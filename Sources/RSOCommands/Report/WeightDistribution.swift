import RSONetworks
import RSORuns

/// The distribution of the weights of a layer, now and at the beginning of the run.
package struct WeightDistribution: Sendable, Equatable {
  private static let bins = 40
  /// More layers would make a page large.
  private static let mostLayers = 60

  package var layer: String
  /// The lower bound of the first bin, and the upper bound of the last one.
  package var minimum: Double
  package var maximum: Double
  /// The number of weights in each bin of equal width.
  package var now: [Int]
  /// The same at the beginning of the run; nil if the beginning is not known.
  package var beginning: [Int]?

  /// The first 60 layers with weights.
  static func layers(of inspection: CheckpointInspection) -> [ParameterLayer] {
    Array(inspection.layout.layers.filter { $0.tensor(.weight) != nil }.prefix(mostLayers))
  }

  /// The layers with weights that are not shown, in words; empty if all are.
  static func notShown(of inspection: CheckpointInspection) -> String {
    let count = inspection.layout.layers.count { $0.tensor(.weight) != nil }
    return count > mostLayers ? " Only the first \(mostLayers) of \(count) layers are shown." : ""
  }

  /// The distributions of the first 60 layers with weights.
  static func all(_ inspection: CheckpointInspection) -> [WeightDistribution] {
    layers(of: inspection).compactMap { layer in
      guard let tensor = layer.tensor(.weight) else { return nil }
      return WeightDistribution(
        layer: layer.name, now: inspection.checkpoint.state.parameters[tensor.range],
        beginning: inspection.beginning?[tensor.range])
    }
  }

  /// Returns nil if no weight is finite.
  package init?(layer: String, now: ArraySlice<Float>, beginning: ArraySlice<Float>? = nil) {
    self.layer = layer
    let finite = (now + (beginning ?? [])).filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    (minimum, maximum) = (Double(low), Double(high))
    if minimum == maximum {
      let margin = max(abs(minimum) * 0.1, 1e-9)
      (minimum, maximum) = (minimum - margin, maximum + margin)
    }
    self.now = Self.counts(now, minimum, maximum)
    self.beginning = beginning.map { [minimum, maximum] in Self.counts($0, minimum, maximum) }
  }

  private static func counts(_ values: ArraySlice<Float>, _ low: Double, _ high: Double) -> [Int] {
    var counts = [Int](repeating: 0, count: bins)
    for value in values where value.isFinite {
      let place = (Double(value) - low) / (high - low) * Double(bins)
      counts[min(Int(place), bins - 1)] += 1
    }
    return counts
  }

  var json: ReportValue {
    .object([
      "layer": .text(layer), "minimum": .number(minimum), "maximum": .number(maximum),
      "counts": now.reportValue, "beginning": beginning.reportValue,
    ])
  }
}
