import Foundation
import RSODatasets
import RSOExporters
import RSONetworks
import TestSupport

/// Networks of the table in `Fixtures/networks`, with numbers in them that are all different.
struct SampleNetwork {
  let network: TrainedNetwork
  let evaluator: IncrementalEvaluator
  let samples: Samples

  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: Fixtures.url("networks").path)
    return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func architecture(_ name: String) throws -> Architecture {
    try Architecture(json: Fixtures.data("networks/\(name).json"))
  }

  init(_ name: String, samples count: Int, weights form: IntegerWeights? = nil) throws {
    try self.init(Self.architecture(name), samples: count, weights: form)
  }

  /// - Parameter form: The form of the weights, which are then multiples of its scale; nil for real weights. The
  ///   outputs of a layer have its scales in turn.
  init(
    _ architecture: Architecture, samples count: Int, weights form: IntegerWeights? = nil
  ) throws {
    let layout = try StageGraph(architecture).layout
    var noise: UInt64 = 17
    func next() -> UInt64 {
      noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return noise >> 33
    }
    var parameters = Initializer.parameters(layout: layout, seed: 3)
    for layer in layout.layers {
      for tensor in layer.tensors where tensor.kind != .weight {
        for place in tensor.range { parameters[place] += Float(next() % 1000) / 2500 - 0.2 }
      }
    }
    if let form {
      for layer in layout.layers {
        for (index, place) in (layer.tensor(.weight)?.range ?? 0..<0).enumerated() {
          let scale = form.scales[(index / layer.fanIn) % form.scales.count]
          // Adding 0 makes -0 a 0, as in a search.
          let multiple = (parameters[place] / scale).rounded() + 0
          parameters[place] =
            scale * (form.isBinary ? (multiple < 0 ? -1 : 1) : max(-127, min(127, multiple)))
        }
      }
    }
    let channels = architecture.input.channels
    let normalization = Normalization(
      mean: (0..<channels).map { 0.4 + 0.07 * Double($0) },
      standardDeviation: (0..<channels).map { 0.2 + 0.03 * Double($0) })
    let samples = Samples(
      shape: architecture.input, classes: architecture.classes,
      pixels: (0..<(count * architecture.input.count)).map { _ in UInt8(next() % 256) },
      labels: [UInt8](repeating: 0, count: count), values: normalization.values())
    evaluator = try IncrementalEvaluator(
      architecture: architecture, samples: samples, parameters: parameters, threads: 2)
    network = TrainedNetwork(
      architecture: architecture, parameters: parameters,
      statistics: evaluator.trainingSetStatistics(), normalization: normalization,
      origin: ["generator": "rso test", "cycle": "3"],
      integerWeights: layout.layers.map { layer in
        guard var form, layer.tensor(.weight) != nil else { return nil }
        if form.scales.count > 1 {
          form.scales = (0..<layer.outputs).map { form.scales[$0 % form.scales.count] }
        }
        return form
      })
    self.samples = samples
  }

  /// The same network, trained on floats in units of their own, and the floats of the first samples.
  var ofFloats: (network: TrainedNetwork, floats: [Float]) {
    var other = network
    other.elements = .floats
    // A mean far above the deviation, as years or pressures have it.
    other.normalization.mean = network.normalization.mean.map { 1000 + $0 }
    let count = min(samples.count, 40) * samples.shape.count
    return (other, samples.pixels.prefix(count).map { 1000 + Float($0) / 255 })
  }

  /// The logits of floats.
  func logits(of floats: [Float], _ network: TrainedNetwork) -> [Float] {
    let inputs = network.normalization.normalized(floats, samples.shape)
    return evaluator.predictions(
      for: samples[0..<(floats.count / samples.shape.count)].with(inputs: .floats(inputs)),
      statistics: network.statistics
    ).logits
  }

  var logits: [Float] {
    evaluator.predictions(for: samples, statistics: network.statistics).logits
  }

  /// The samples as the network takes them.
  var input: [Float] {
    let area = samples.shape.area
    return samples.pixels.enumerated().map { place, byte in
      samples.values[place / area % samples.shape.channels * 256 + Int(byte)]
    }
  }
}
