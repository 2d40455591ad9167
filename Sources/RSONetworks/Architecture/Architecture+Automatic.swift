import RSONumerics

extension Architecture {
  /// The name in `--arch` that stands for a network that fits the data.
  package static let automaticName = "auto"

  /// A small network for samples of a shape. Not in the paper, except that convolutions are ordered as in
  /// its networks (§ 4.1).
  ///
  /// Images of at least 8 x 8 pixels get 3 x 3 convolutions, and are halved until their smaller side is
  /// below 6; other samples get a hidden linear layer. Everything before the last layer has batch norm,
  /// without which the search is slow.
  ///
  /// - Parameters:
  ///   - outputs: The number of classes, labels or numbers.
  ///   - samples: The number of training samples. Fewer samples get a narrower hidden layer.
  package static func automatic(input: ImageShape, outputs: Int, samples: Int) -> Architecture {
    let hidden =
      min(input.height, input.width) >= 8
      ? convolutions(on: input) : hiddenLayer(width: hiddenWidth(samples: samples))
    return Architecture(
      name: automaticName, input: input, classes: outputs,
      layers: hidden + [.linear(name: "fc", outputs: outputs, bias: true)])
  }

  /// A convolution and a pool; then, at each size, one or two convolutions and a pool; and two convolutions
  /// on the smallest maps. On large images, a second convolution would take most of the time.
  ///
  /// Maps of 6 or 7 pixels are halved between the last two: steps of all earlier layers then take half of
  /// the time, and on MNIST the network learns more in each of them.
  private static func convolutions(on input: ImageShape) -> [LayerSpec] {
    var side = min(input.height, input.width) / 2
    var pools = [true]
    while side >= 8 {
      pools += side < 32 ? [false, true] : [true]
      side /= 2
    }
    pools += [side >= 6, false]
    let layers = pools.enumerated().flatMap { index, isPooled -> [LayerSpec] in
      [.convolution(name: "conv\(index + 1)", filters: 16, kernel: 3, bias: false)]
        + (isPooled ? [.averagePool] : []) + [.batchNorm(name: nil), .relu]
    }
    return layers.dropLast() + [.globalPool(.average)]
  }

  private static func hiddenLayer(width: Int) -> [LayerSpec] {
    [
      .flatten, .linear(name: "hidden", outputs: width, bias: false), .batchNorm(name: nil), .relu,
    ]
  }

  /// A wide layer overfits few samples.
  private static func hiddenWidth(samples: Int) -> Int {
    switch samples {
    case ..<500: 16
    case ..<1000: 32
    case ..<5000: 64
    default: 128
    }
  }
}
