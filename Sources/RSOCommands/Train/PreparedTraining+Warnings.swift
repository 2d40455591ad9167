import RSONetworks
import RSONumerics
import RSOSearch
import RSOSystem

extension PreparedTraining {
  /// The likely mistakes of a run that has not begun.
  func warnings() throws -> [String] {
    let layout = try plan.architecture.layout()
    return [try movedWeights(layout), lackingBias(layout)].compactMap { $0 } + distantScales()
  }

  /// Weights of `--init` that are not in the set of the plan.
  private func movedWeights(_ layout: ParameterLayout) throws -> String? {
    guard let weights, let given = parameters, plan.options.weights != .real else { return nil }
    let state = try SearchState.initial(plan: plan, parameters: given)
    let moved = given.indices.count { given[$0] != state.parameters[$0] }
    guard moved > 0 else { return nil }
    let all = layout.layers.reduce(0) { $0 + ($1.tensor(.weight)?.count ?? 0) }
    return
      "\(Numbers.grouped(moved)) of the \(Numbers.grouped(all)) weights of \(quotedPath(weights.path)) are moved to "
      + "the nearest values of the set '\(plan.options.weights.rawValue)'"
  }

  /// A last layer that cannot hold the mean of numbers that are far from 0.
  private func lackingBias(_ layout: ParameterLayout) -> String? {
    guard weights == nil, let last = layout.layers.last, last.tensor(.bias) == nil else {
      return nil
    }
    let distance = dataset.training.targets.moments.map { abs($0.mean) / $0.deviation }.max() ?? 0
    guard distance > 0.5 else { return nil }
    return
      "the last layer, '\(printable(last.name))', has no bias, so it begins with numbers about 0, and those to predict "
      + "are elsewhere: give it \"bias\": true, and let no norm follow it"
  }

  /// Numbers whose deviations are far from the given `--target-scales`.
  private func distantScales() -> [String] {
    let scales = plan.options.targetScales
    guard !scales.areDeviations else { return [] }
    return zip(scales.scales, dataset.training.targets.moments).enumerated().compactMap {
      output, pair in
      let ratio = pair.1.deviation / pair.0
      guard ratio > Self.usualRatio || ratio < 1 / Self.usualRatio else { return nil }
      return
        "the deviation of number \(quoted(plan.data.outputName(output))) is \(Numbers.value(ratio)) times its unit of "
        + "--target-scales: its errors may be too large or too small for the loss"
    }
  }

  private static let usualRatio = 1e6
}
