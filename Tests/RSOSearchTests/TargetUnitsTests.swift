import RSONetworks
import RSONumerics
import RSOSearch
import Testing

@Suite("Networks that predict numbers begin in their units")
struct TargetUnitsTests {
  private func layout(bias: Bool) throws -> ParameterLayout {
    try StageGraph(
      Architecture(
        name: "numbers", input: ImageShape(channels: 3, height: 1, width: 1), classes: 2,
        layers: [
          .linear(name: "hidden", outputs: 4, bias: true), .relu,
          .linear(name: "last", outputs: 2, bias: bias),
        ])
    ).layout
  }

  @Test("the last layer has the targets' deviation and mean; all else is drawn as ever")
  func scaled() throws {
    let layout = try layout(bias: true)
    // 1, 3, 5 with mean 3 and variance 8/3; 7, 7, 7 with mean 7.
    let targets = Targets.numbers([1, 7, 3, 7, 5, 7], count: 2)
    let drawn = Initializer.parameters(layout: layout, seed: 5)
    let parameters = try #require(
      TargetUnits.parameters(for: targets, layout: layout, seed: 5))
    let last = layout.layers[1]
    let (weight, bias) = (try #require(last.tensor(.weight)), try #require(last.tensor(.bias)))
    #expect(parameters[..<last.range.lowerBound] == drawn[..<last.range.lowerBound])
    let deviation = Float((8.0 / 3).squareRoot())
    for (index, offset) in weight.range.enumerated() {
      #expect(parameters[offset] == drawn[offset] * (index < 4 ? deviation : 1))
    }
    #expect(Array(parameters[bias.range]) == [3, 7])
  }

  @Test("without a bias, the last layer has the deviation alone")
  func withoutBias() throws {
    let layout = try layout(bias: false)
    let drawn = Initializer.parameters(layout: layout, seed: 5)
    let parameters = try #require(
      TargetUnits.parameters(for: .numbers([1, 7, 5, 7], count: 2), layout: layout, seed: 5))
    let weight = try #require(layout.layers[1].tensor(.weight))
    for (index, offset) in weight.range.enumerated() {
      #expect(parameters[offset] == drawn[offset] * (index < 4 ? 2 : 1))
    }
  }

  @Test("classes and a layer of other outputs leave the parameters to the seed")
  func others() throws {
    let numbers = Targets.numbers([1, 2, 3], count: 3)
    #expect(TargetUnits.parameters(for: numbers, layout: try layout(bias: true), seed: 5) == nil)
    #expect(
      TargetUnits.parameters(for: .classes([0, 1]), layout: try layout(bias: true), seed: 5) == nil)
  }
}
