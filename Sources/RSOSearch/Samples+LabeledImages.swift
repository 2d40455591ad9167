import RSODatasets
import RSONetworks

extension Samples {
  /// Images as an evaluator reads them, under the normalisation of a plan.
  package init(_ images: LabeledImages, normalization: Normalization) {
    self.init(
      shape: images.shape, classes: images.classes, pixels: images.pixels, labels: images.labels,
      values: normalization.values())
  }
}
