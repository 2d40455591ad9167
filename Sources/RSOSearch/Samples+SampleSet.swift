import RSODatasets
import RSONetworks

extension Samples {
  /// Samples as an evaluator reads them, under the normalisation of a plan.
  package init(_ set: SampleSet, normalization: Normalization) {
    let inputs: Inputs =
      switch set.samples {
      case .bytes(let bytes): .bytes(bytes, values: normalization.values())
      case .floats(let floats): .floats(normalization.normalized(floats, set.shape))
      }
    self.init(shape: set.shape, outputs: set.outputs, inputs: inputs, targets: set.targets)
  }
}
