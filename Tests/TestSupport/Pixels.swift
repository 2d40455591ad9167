import RSODatasets
import RSONetworks

extension SampleSet {
  /// The samples as bytes; empty if they are floats.
  package var pixels: [UInt8] {
    if case .bytes(let bytes) = samples { bytes } else { [] }
  }
}

extension Samples {
  /// The samples as bytes; empty if they are floats.
  package var pixels: [UInt8] {
    if case .bytes(let bytes, _) = inputs { bytes } else { [] }
  }

  /// The normalised value of each byte in each channel; empty if the samples are floats.
  package var values: [Float] {
    if case .bytes(_, let values) = inputs { values } else { [] }
  }

  /// Returns the same samples with other bytes.
  package func with(pixels: [UInt8]) -> Samples {
    with(inputs: .bytes(pixels, values: values))
  }
}
