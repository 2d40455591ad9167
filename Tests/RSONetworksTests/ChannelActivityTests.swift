import RSONetworks
import RSONumerics
import Testing

@Suite("The activity of channels")
struct ChannelActivityTests {
  private static let architecture = Architecture(
    name: "two", input: ImageShape(channels: 1, height: 2, width: 2), classes: 2,
    layers: [
      .convolution(name: "conv1", filters: 2, kernel: 1, bias: true), .relu,
      .convolution(name: "conv2", filters: 2, kernel: 1, bias: false), .globalPool(.average),
      .linear(name: "fc", outputs: 2, bias: false),
    ])
  /// conv1: x and -x - 1; conv2: the first channel, and minus it; fc: the same again.
  private static let parameters: [Float] = [1, -1, 0, -1, 1, 0, -1, 0, 1, 0, 0, 1]

  private func activity(_ layer: Int) throws -> ChannelActivity {
    let samples = Samples(
      shape: Self.architecture.input, classes: 2, pixels: [0, 10, 20, 30, 5, 5, 5, 40],
      labels: [0, 1], values: (0..<256).map { Float($0) / 10 })
    return try ChannelActivity(
      layer: layer, architecture: Self.architecture, parameters: Self.parameters, statistics: nil,
      samples: samples)
  }

  @Test("is the largest value before the ReLU; a channel below zero is dead")
  func rectified() throws {
    let found = try activity(0)
    #expect(found.maxima == [4, -1])
    #expect(found.isRectified && found.neverPositive == [1])
  }

  @Test("without a ReLU after it, a channel below zero is not dead")
  func notRectified() throws {
    let found = try activity(1)
    #expect(found.maxima == [4, 0])
    #expect(!found.isRectified && found.neverPositive == [1])
  }

  @Test("what a skip takes as it is does not go through a ReLU alone")
  func skipped() throws {
    let preset = try Architecture.preset(named: "cifar-depth10")
    let layout = try StageGraph(preset).layout
    let parameters = Initializer.parameters(layout: layout, seed: 3)
    let samples = Samples(
      shape: preset.input, classes: 10,
      pixels: (0..<2 * preset.input.count).map { UInt8(truncatingIfNeeded: $0 * 37) },
      labels: [1, 2], values: (0..<768).map { Float($0 % 256) / 128 - 1 })
    for (name, isRectified) in [
      ("conv1", false), ("conv2", true), ("conv3.projection", false), ("conv9", false),
    ] {
      guard let layer = layout.layers.firstIndex(where: { $0.name == name }) else { continue }
      let found = try ChannelActivity(
        layer: layer, architecture: preset, parameters: parameters, statistics: nil,
        samples: samples)
      #expect(found.isRectified == isRectified, "\(name)")
      #expect(found.maxima.count == layout.layers[layer].outputs)
      #expect(found.maxima.allSatisfy { $0.isFinite }, "\(name)")
    }
  }
}
