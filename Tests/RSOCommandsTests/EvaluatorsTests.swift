import RSOCommands
import RSONetworks
import RSONumerics
import Testing

@Suite("Evaluators of the verbs")
struct EvaluatorsTests {
  private let architecture = Architecture(
    name: "small", input: ImageShape(channels: 1, height: 2, width: 2), classes: 2,
    layers: [.flatten, .linear(name: "fc", outputs: 2, bias: false)])
  private let samples = Samples(
    shape: ImageShape(channels: 1, height: 2, width: 2), classes: 2,
    pixels: [1, 2, 3, 4], labels: [1], values: (0..<256).map(Float.init))

  private func make(_ numericPath: String) throws -> any Evaluator {
    try Evaluators.factory(threads: 1)(
      architecture, samples, Array(repeating: 0.5, count: 8), numericPath)
  }

  @Test("compute as the plan says, or not at all")
  func path() throws {
    #expect(try make("f32").layout.parameterCount == 8)
    #expect(throws: NumericPathError.self) { try make("f16-abacus") }
  }
}
