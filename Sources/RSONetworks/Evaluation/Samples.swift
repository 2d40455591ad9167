import RSONumerics

/// Samples with their targets, as an evaluator reads them.
package struct Samples: Sendable {
  /// The numbers of the samples. *Shape:* N x C x H x W, row-major.
  package enum Inputs: Sendable, Equatable {
    /// Bytes, and the normalised value of each byte in each channel. *Shape* of `values`: C x 256.
    case bytes([UInt8], values: [Float])
    /// Normalised numbers.
    case floats([Float])

    package var count: Int {
      switch self {
      case .bytes(let bytes, _): bytes.count
      case .floats(let floats): floats.count
      }
    }
  }

  package let shape: ImageShape
  /// The number of classes, labels or numbers of a sample.
  package let outputs: Int
  package let inputs: Inputs
  package let targets: Targets

  package var count: Int { targets.count }

  package init(shape: ImageShape, outputs: Int, inputs: Inputs, targets: Targets) {
    precondition(inputs.count == targets.count * shape.count)
    if case .bytes(_, let values) = inputs { precondition(values.count == shape.channels * 256) }
    self.shape = shape
    self.outputs = outputs
    self.inputs = inputs
    self.targets = targets
  }

  /// Images as bytes, each with a class.
  package init(
    shape: ImageShape, classes: Int, pixels: [UInt8], labels: [UInt8], values: [Float]
  ) {
    self.init(
      shape: shape, outputs: classes, inputs: .bytes(pixels, values: values),
      targets: .classes(labels.map(UInt16.init)))
  }

  /// Returns the same samples with other numbers.
  package func with(inputs: Inputs) -> Samples {
    Samples(shape: shape, outputs: outputs, inputs: inputs, targets: targets)
  }

  /// The normalised value of an element of a sample.
  package func value(_ sample: Int, _ element: Int) -> Float {
    switch inputs {
    case .bytes(let bytes, let values):
      values[element / shape.area * 256 + Int(bytes[sample * shape.count + element])]
    case .floats(let floats):
      floats[sample * shape.count + element]
    }
  }

  /// Consecutive samples.
  package subscript(range: Range<Int>) -> Samples {
    let elements = (range.lowerBound * shape.count)..<(range.upperBound * shape.count)
    let inputs: Inputs =
      switch inputs {
      case .bytes(let bytes, let values): .bytes(Array(bytes[elements]), values: values)
      case .floats(let floats): .floats(Array(floats[elements]))
      }
    return Samples(shape: shape, outputs: outputs, inputs: inputs, targets: targets[range])
  }
}
