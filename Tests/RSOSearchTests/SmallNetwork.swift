import RSODatasets
import RSONetworks
import RSONumerics
import RSOSearch

/// A network of two layers with every kind of parameter, and data for it.
enum SmallNetwork {
  static let shape = ImageShape(channels: 1, height: 4, width: 4)
  static let classes = 3
  static let sampleCount = 26

  static let architecture = Architecture(
    name: "small", input: shape, classes: classes,
    layers: [
      .convolution(name: "conv1", filters: 2, kernel: 3, bias: true), .batchNorm(name: nil), .relu,
      .globalPool(.average), .linear(name: "fc", outputs: classes, bias: true),
    ])

  static func layout() throws -> ParameterLayout { try StageGraph(architecture).layout }

  static let normalization = Normalization(mean: [0.5], standardDeviation: [0.25])

  static func images() -> SampleSet {
    var stream = RandomKey(seed: 99, purpose: .initialization).stream(0)
    let labels = (0..<sampleCount).map { UInt8($0 % classes) }
    // Stripes one way, stripes the other way, a chessboard; and noise.
    let pixels = labels.flatMap { label in
      (0..<shape.count).map { pixel in
        let (y, x) = pixel.quotientAndRemainder(dividingBy: shape.width)
        let bright = [y, x, x + y][Int(label)] % 2 == 1
        return UInt8(stream.next(below: 100) + (bright ? 120 : 0))
      }
    }
    return SampleSet(
      shape: shape, classes: classes, pixels: pixels, labels: labels, sha256: "training")
  }

  static func plan(
    seed: UInt64 = 7, architecture: Architecture = architecture,
    _ change: (inout SearchOptions) -> Void = { _ in }
  ) -> SearchPlan {
    var options = SearchOptions()
    options.cycles = 2
    options.batchSize = 6
    change(&options)
    return SearchPlan(
      architecture: architecture, options: options, seed: seed,
      data: DataIdentity(
        name: "small", shape: shape, outputs: classes, trainingCount: sampleCount, testCount: 0,
        trainingSHA256: "training", testSHA256: "test"),
      normalization: normalization)
  }

  /// Sets a loss, with the parameters that it needs for three classes.
  static func setLoss(_ loss: Loss, in options: inout SearchOptions) {
    options.loss = loss
    if loss == .topK { options.topK = 1 }
    if loss == .cost, let costs = CostMatrix("0,1,2;1,0,1;3,1,0") { options.costMatrix = costs }
  }

  static func reference(_ parameters: [Float]) throws -> any Evaluator {
    try ReferenceEvaluator(
      architecture: architecture,
      samples: Samples(images(), normalization: normalization),
      parameters: parameters)
  }
}
