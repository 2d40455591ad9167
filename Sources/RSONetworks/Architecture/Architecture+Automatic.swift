import RSONumerics

extension Architecture {
  /// The name in `--arch` that stands for a network that fits the data.
  package static let automaticName = "auto"

  /// A small network for samples of a shape. Not in the paper.
  ///
  /// Images of at least 8 x 8 pixels get 3 x 3 convolutions, each halving the image until its smaller side
  /// is below 8; other samples get two hidden linear layers. Everything before the last layer has batch
  /// norm, without which the search is slow.
  ///
  /// - Parameter outputs: The number of classes, labels or numbers.
  package static func automatic(input: ImageShape, outputs: Int) -> Architecture {
    let hidden =
      min(input.height, input.width) >= 8
      ? convolutions(on: input) : [.flatten] + hiddenLayers(outputs: outputs)
    return Architecture(
      name: automaticName, input: input, classes: outputs,
      layers: hidden + [.linear(name: "fc", outputs: outputs, bias: true)])
  }

  private static func convolutions(on input: ImageShape) -> [LayerSpec] {
    var layers: [LayerSpec] = []
    var side = min(input.height, input.width)
    var filters = 8
    while side >= 8 {
      layers += convolution(layers.count / 4 + 1, filters: filters) + [.averagePool]
      side /= 2
      filters = min(2 * filters, 32)
    }
    return layers + convolution(layers.count / 4 + 1, filters: filters) + [.globalPool(.average)]
  }

  private static func convolution(_ number: Int, filters: Int) -> [LayerSpec] {
    [
      .convolution(name: "conv\(number)", filters: filters, kernel: 3, bias: false),
      .batchNorm(name: nil), .relu,
    ]
  }

  private static func hiddenLayers(outputs: Int) -> [LayerSpec] {
    let width = max(32, min(outputs, 128))
    return (1...2).flatMap { number -> [LayerSpec] in
      [
        .linear(name: "hidden\(number)", outputs: width, bias: false), .batchNorm(name: nil),
        .relu,
      ]
    }
  }
}
