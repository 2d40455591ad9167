/// The names of what rso's exports hold besides the numbers of the network: the constants of ONNX nodes, the
/// architecture and the normalisation.
///
/// The numbers of a network have a dot in their names, such as `conv1.weight`. None of these names has one.
package enum CompanionNames {
  static let pixelMean = "pixel_mean"
  static let pixelDeviation = "pixel_std"
  static let sampleMean = "sample_mean"
  static let sampleDeviation = "sample_std"
  static let axes = "axes"
  static let pixelAxes = "axes_of_pixels"
  /// The beginnings of the names of other constants.
  static let pads = "pads_"
  static let groups = "groups_"
  static let bits = "bits_"
  /// The same for numbers in single precision.
  static let floats = "constant_"

  private static let constants: Set = [
    pixelMean, pixelDeviation, sampleMean, sampleDeviation, axes, pixelAxes,
  ]
  private static let beginnings = [pads, groups, bits, floats]
  private static let descriptions: Set = [
    MetadataKey.architecture, MetadataKey.mean, MetadataKey.standardDeviation,
    "normalization/mean", "normalization/std",
  ]

  package static func contains(_ name: String) -> Bool {
    guard !name.utf8.contains(UInt8(ascii: ".")) else { return false }
    return constants.contains(name) || descriptions.contains(name)
      || beginnings.contains { name.hasPrefix($0) }
  }
}
