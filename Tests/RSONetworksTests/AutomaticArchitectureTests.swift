import RSONetworks
import RSONumerics
import Testing

@Suite("Networks that fit the data")
struct AutomaticArchitectureTests {
  @Test(
    "every shape has a network that an evaluator takes",
    arguments: [
      ImageShape(channels: 4, height: 1, width: 1), ImageShape(channels: 784, height: 1, width: 1),
      ImageShape(channels: 1, height: 1, width: 12), ImageShape(channels: 1, height: 7, width: 90),
      ImageShape(channels: 1, height: 8, width: 8), ImageShape(channels: 1, height: 28, width: 28),
      ImageShape(channels: 3, height: 33, width: 47),
      ImageShape(channels: 3, height: 96, width: 96),
    ])
  func fits(input: ImageShape) throws {
    for outputs in [1, 2, 10, 1000] {
      let architecture = Architecture.automatic(input: input, outputs: outputs)
      let graph = try StageGraph(architecture)
      #expect(architecture.input == input && architecture.classes == outputs)
      #expect(graph.layout.layers.last?.outputs == outputs)
      let hasConvolutions = graph.layout.layers[0].name == "conv1"
      #expect(hasConvolutions == (min(input.height, input.width) >= 8))
    }
  }
}
