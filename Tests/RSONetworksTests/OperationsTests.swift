import Foundation
import RSONetworks
import Testing

@Suite("The list of operations")
struct OperationsTests {
  private func rows(_ layers: String) throws -> [String] {
    let text = #"{"input": [2, 4, 4], "classes": 3, "layers": [\#(layers)]}"#
    return try Architecture(json: Data(text.utf8)).operations().map {
      "\($0.name) \($0.layer ?? "-") \($0.output) \(Int($0.multiplyAdds))"
    }
  }

  @Test(
    "each operation of the file is there once, in its order, also if several operations read its value"
  )
  func joined() throws {
    #expect(
      try rows(
        #"""
        {"type": "convolution", "filters": 4}, {"type": "batch-norm"}, {"type": "gelu"},
        {"type": "mark", "name": "m"}, {"type": "convolution", "filters": 4},
        {"type": "skip", "from": "m"}, {"type": "batch-norm"},
        {"type": "concatenate", "from": ["m"]}, {"type": "relu"},
        {"type": "global-pool", "mode": "average"}, {"type": "linear", "outputs": 3}
        """#) == [
          "convolution conv1 4 x 4 x 4 1152", "batch-norm - 4 x 4 x 4 0", "gelu - 4 x 4 x 4 0",
          "mark - 4 x 4 x 4 0", "convolution conv2 4 x 4 x 4 2304", "skip - 4 x 4 x 4 0",
          "batch-norm - 4 x 4 x 4 0", "concatenate - 8 x 4 x 4 128", "relu - 8 x 4 x 4 0",
          "global-pool - 8 x 1 x 1 0", "linear fc 3 x 1 x 1 24",
        ])
  }

  @Test("a projection belongs to its skip, and a norm alone to itself")
  func projected() throws {
    #expect(
      try rows(
        #"""
        {"type": "batch-norm", "name": "first"}, {"type": "mark", "name": "m"},
        {"type": "convolution", "filters": 4}, {"type": "skip", "from": "m", "projection": true},
        {"type": "branch", "from": "conv1"}, {"type": "flatten"}, {"type": "linear", "outputs": 3}
        """#) == [
          "batch-norm first 2 x 4 x 4 32", "mark - 2 x 4 x 4 0",
          "convolution conv1 4 x 4 x 4 1152", "skip conv1.projection 4 x 4 x 4 128",
          "branch - 4 x 4 x 4 0", "flatten - 4 x 4 x 4 0", "linear fc 3 x 1 x 1 192",
        ])
  }

  @Test(
    "the costs add up to those of a pass",
    arguments: ["residual", "lenet-5", "depthwise", "resnet-20"])
  func sum(name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Fixtures/networks")
    let architecture = try Architecture(
      json: try Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    let operations = try architecture.operations()
    #expect(operations.count == architecture.layers.count)
    let pass = LayerCosts.pass(try StageGraph(architecture))
    #expect(operations.reduce(0) { $0 + $1.multiplyAdds } == pass)
  }
}
