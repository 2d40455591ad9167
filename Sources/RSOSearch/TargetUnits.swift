import RSODatasets
import RSONetworks
import RSONumerics

/// The first parameters of a network that predicts numbers: drawn from the seed, but with the last
/// layer in the units of the numbers.
///
/// Its weights are multiplied by the standard deviation of the training set's targets, and its bias is their
/// mean. For the squared loss of one number this is the search of normalised targets, in which nothing needs to be
/// converted back: losses, predictions and exports are in the targets' own units. The loss of several numbers adds them
/// in these units. Not in the paper.
package enum TargetUnits {
  /// The source of such parameters, for people.
  package static let source = "the seed, in the units of the targets"

  /// Returns nil for other tasks, and for a last layer without a bias.
  package static func parameters(
    for targets: Targets, layout: ParameterLayout, seed: UInt64
  ) -> [Float]? {
    guard case .numbers(let numbers, let count) = targets, let last = layout.layers.last,
      last.outputs == count, let weight = last.tensor(.weight), let bias = last.tensor(.bias)
    else { return nil }
    var parameters = Initializer.parameters(layout: layout, seed: seed)
    for output in 0..<count {
      let (mean, deviation) = moments(numbers, of: output, count: count)
      for offset in weight.range.dropFirst(output * last.fanIn).prefix(last.fanIn) {
        parameters[offset] *= Float(deviation)
      }
      parameters[bias.offset + output] = Float(mean)
    }
    return parameters
  }

  /// Mean and standard deviation of one number of all samples. A constant one has deviation 1.
  private static func moments(
    _ numbers: [Float], of output: Int, count: Int
  ) -> (mean: Double, deviation: Double) {
    let values = stride(from: output, to: numbers.count, by: count).map { Double(numbers[$0]) }
    let total = Double(values.count)
    let mean = values.reduce(0, +) / total
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / total).squareRoot()
    return (mean, deviation == 0 ? 1 : deviation)
  }
}
