import Foundation
import RSONetworks
import TestSupport
import Testing

@Suite("Architectures to begin with")
struct ShippedArchitectureTests {
  @Test("every file of Fixtures/architectures is a network of its name")
  func files() throws {
    let directory = Fixtures.url("architectures")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.hasSuffix(".json") }
    #expect(!names.isEmpty)
    for name in names {
      let architecture = try Architecture(json: Fixtures.data("architectures/\(name)"))
      #expect("\(architecture.name).json" == name)
      _ = try StageGraph(architecture)
    }
  }

  @Test("the binary network's hidden units are signs, which have no gradient to follow")
  func binary() throws {
    let architecture = try Architecture(json: Fixtures.data("architectures/mnist-binary.json"))
    #expect(architecture.layers.contains(.activation(.sign)))
    #expect(!architecture.layers.contains(.relu))
  }
}
