import RSONetworks
import Testing

@Suite("Presets")
struct PresetTests {
  /// Weights of convolutions and linear layers, and all parameters, as the paper's program has them.
  static let counts: [(name: String, weights: Int, parameters: Int)] = [
    ("mnist-6conv", 11_824, 12_016),
    ("mnist-6conv-average", 11_824, 12_016),
    ("cifar-depth3", 10_400, 10_528),
    ("cifar-depth5", 16_880, 17_072),
    ("cifar-depth10", 56_560, 57_104),
  ]

  @Test("every preset has the parameters of the published network", arguments: counts)
  func parameterCounts(name: String, weights: Int, parameters: Int) throws {
    let layout = try StageGraph(Architecture.preset(named: name)).layout
    #expect(layout.layers.reduce(0) { $0 + ($1.tensor(.weight)?.count ?? 0) } == weights)
    #expect(layout.parameterCount == parameters)
  }

  @Test("the table of counts covers every preset")
  func coverage() {
    #expect(Self.counts.map(\.name) == Architecture.presetNames)
  }

  @Test("layers are named for people, a projection directly before its layer")
  func layerNames() throws {
    let mnist = try StageGraph(Architecture.preset(named: "mnist-6conv")).layout
    #expect(
      mnist.layers.map(\.name) == ["conv1", "conv2", "conv3", "conv4", "conv5", "conv6", "fc"])
    let cifar = try StageGraph(Architecture.preset(named: "cifar-depth10")).layout
    #expect(
      cifar.layers.map(\.name) == [
        "conv1", "conv2", "conv3", "conv4", "conv5.projection", "conv5", "conv6", "conv7", "conv8",
        "conv9", "fc",
      ])
  }

  @Test("an unknown preset is refused with the known ones")
  func unknownPreset() {
    let error = #expect(throws: ArchitectureError.self) {
      try Architecture.preset(named: "mnist")
    }
    #expect(
      error?.description == """
        unknown preset 'mnist'; known presets: mnist-6conv, mnist-6conv-average, cifar-depth3, \
        cifar-depth5, cifar-depth10
        """)
  }
}
