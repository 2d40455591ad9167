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
      ImageShape(channels: 3, height: 1024, width: 1024),
    ])
  func fits(input: ImageShape) throws {
    for (outputs, samples) in [(1, 1), (2, 700), (10, 60_000), (1000, 1200)] {
      let architecture = Architecture.automatic(input: input, outputs: outputs, samples: samples)
      let graph = try StageGraph(architecture)
      #expect(architecture.input == input && architecture.classes == outputs)
      #expect(graph.layout.layers.last?.outputs == outputs)
      let hasConvolutions = graph.layout.layers[0].name == "conv1"
      #expect(hasConvolutions == (min(input.height, input.width) >= 8))
    }
  }

  @Test(
    "images are halved until they are small",
    arguments: [
      (8, [16, 16, 16], [4, 4, 4]), (28, Array(repeating: 16, count: 5), [14, 14, 7, 3, 3]),
      (20, Array(repeating: 16, count: 5), [10, 10, 5, 5, 5]),
      (24, Array(repeating: 16, count: 5), [12, 12, 6, 3, 3]),
      (32, Array(repeating: 16, count: 7), [16, 16, 8, 8, 4, 4, 4]),
      (64, Array(repeating: 16, count: 8), [32, 16, 16, 8, 8, 4, 4, 4]),
    ])
  func convolutions(side: Int, filters: [Int], sides: [Int]) throws {
    let graph = try StageGraph(
      .automatic(
        input: ImageShape(channels: 1, height: side, width: side), outputs: 10, samples: 60_000))
    let convolutions = graph.stages.filter { $0.name.hasPrefix("conv") }
    #expect(convolutions.map(\.outputShape.channels) == filters)
    #expect(convolutions.map(\.outputShape.height) == sides)
  }

  @Test(
    "a hidden layer is wider for more samples",
    arguments: [(112, 16), (499, 16), (500, 32), (1347, 64), (5000, 128), (1_000_000, 128)])
  func width(samples: Int, width: Int) throws {
    let features = ImageShape(channels: 13, height: 1, width: 1)
    let layout = try StageGraph(.automatic(input: features, outputs: 3, samples: samples)).layout
    #expect(layout.layers.map(\.outputs) == [width, 3])
  }
}
