import BackendConformance
import RSONetworks
import RSONumerics
import Testing

@Suite("Initializer")
struct InitializerTests {
  @Test("weights are normal with deviation sqrt(2 / fan-in), gamma 1, beta and bias 0")
  func distribution() throws {
    let layout = try NetworkTable.network(named: "vgg-order").graph.layout
    let parameters = Initializer.parameters(layout: layout, seed: 7)
    let deviations = Initializer.initialDeviations(layout: layout, parameters: parameters)
    for (layer, deviation) in zip(layout.layers, deviations) {
      let weight = try #require(layer.tensor(.weight))
      let expected = (2 / Double(layer.fanIn)).squareRoot()
      // Five standard errors of a sample's deviation: sigma / sqrt(2 n).
      let error = expected / Double(2 * weight.count).squareRoot()
      #expect(abs(deviation - expected) < 5 * error, "\(layer.name)")
      let mean = parameters[weight.range].map(Double.init).reduce(0, +) / Double(weight.count)
      #expect(abs(mean) < 5 * expected / Double(weight.count).squareRoot(), "\(layer.name)")
      for tensor in layer.tensors where tensor.kind != .weight {
        let value: Float = tensor.kind == .gamma ? 1 : 0
        #expect(parameters[tensor.range].allSatisfy { $0 == value }, "\(layer.name)")
      }
    }
  }

  @Test("a layer's weights are the numbers of its own stream, in order")
  func streams() throws {
    let layout = try NetworkTable.network(named: "residual").graph.layout
    let parameters = Initializer.parameters(layout: layout, seed: 11)
    for (index, layer) in layout.layers.enumerated() {
      var stream = RandomKey(seed: 11, purpose: .initialization).stream(index)
      let weight = try #require(layer.tensor(.weight))
      let deviation = (2 / Double(layer.fanIn)).squareRoot()
      for offset in weight.range {
        #expect(parameters[offset] == Float(deviation * stream.nextNormal()))
      }
    }
    #expect(Initializer.parameters(layout: layout, seed: 12) != parameters)
  }

  @Test("a layer's deviation is that of its weights; without weights it is the constant 0.167")
  func deviations() throws {
    let layout = try StageGraph(
      Architecture(
        name: "n", input: ImageShape(channels: 1, height: 2, width: 2), classes: 2,
        layers: [
          .batchNorm(name: nil), .flatten, .linear(name: "fc", outputs: 2, bias: true),
        ])
    ).layout
    // gamma, beta; weights 1 to 8, bias: the variance of 1 ... n is (n * n - 1) / 12.
    let parameters: [Float] = [9, 9] + (1...8).map(Float.init) + [100, 100]
    let deviations = Initializer.initialDeviations(layout: layout, parameters: parameters)
    #expect(deviations == [0.167, (63.0 / 12).squareRoot()])
  }

  @Test("a single weight has the deviation that it is drawn with")
  func singleWeight() throws {
    let layout = try StageGraph(
      Architecture(
        name: "n", input: ImageShape(channels: 1, height: 1, width: 1), classes: 1,
        layers: [.flatten, .linear(name: "fc", outputs: 1, bias: true)])
    ).layout
    #expect(
      Initializer.initialDeviations(layout: layout, parameters: [3, 0]) == [(2.0).squareRoot()])
  }
}
