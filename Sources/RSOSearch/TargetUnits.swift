import RSODatasets
import RSONetworks
import RSONumerics

/// The search of a network that predicts numbers, as if they were normalised, although its outputs have their units:
/// predictions and exports need no conversion.
///
/// The first parameters are drawn from the seed, but the last layer is in the units of the numbers: its weights are
/// multiplied by the standard deviation of the training set's targets, and its bias is their mean. The proposals for
/// these weights and biases are multiplied by `SearchOptions.targetScales`, and the loss divides errors by them.
/// Not in the paper.
package enum TargetUnits {
  /// The source of such parameters, for people.
  package static let source = "the seed, in the units of the targets"

  /// Returns nil for other tasks, and if the last layer has not an output for each number.
  package static func parameters(
    for targets: Targets, layout: ParameterLayout, seed: UInt64
  ) -> [Float]? {
    let moments = targets.moments
    guard !moments.isEmpty, let last = layout.layers.last, last.outputs == moments.count,
      let weight = last.tensor(.weight)
    else { return nil }
    var parameters = Initializer.parameters(layout: layout, seed: seed)
    for (output, (mean, deviation)) in moments.enumerated() {
      for offset in weight.range.dropFirst(output * last.fanIn).prefix(last.fanIn) {
        parameters[offset] *= Float(deviation)
      }
      if let bias = last.tensor(.bias) { parameters[bias.offset + output] = Float(mean) }
    }
    return parameters
  }

  /// The unit of each output of the last layer; empty if all are 1.
  package static func scales(_ plan: SearchPlan, _ layout: ParameterLayout) -> [Double] {
    let scales = plan.options.targetScales.scales
    return layout.layers.last?.outputs == scales.count ? scales : []
  }

  /// The deviations of the weights of each layer, those of the last layer in the units of its outputs.
  static func initialDeviations(
    _ parameters: [Float], _ scales: [Double], _ layout: ParameterLayout
  ) -> [Double] {
    var parameters = parameters
    if !scales.isEmpty, let last = layout.layers.last, let weight = last.tensor(.weight) {
      for (index, offset) in weight.range.enumerated() {
        parameters[offset] = Float(Double(parameters[offset]) / scales[index / last.fanIn])
      }
    }
    return Initializer.initialDeviations(layout: layout, parameters: parameters)
  }
}
