import RSOExporters
import RSONetworks
import RSONumerics
import Testing

@Suite("Names of tensors")
struct StateDictionaryTests {
  private func names(_ layers: [LayerSpec], classes: Int = 2) throws -> [String] {
    let architecture = Architecture(
      name: "n", input: ImageShape(channels: 1, height: 1, width: 1), classes: classes,
      layers: layers)
    return StateDictionary(try StageGraph(architecture).layout).entries.map(\.name)
  }

  @Test("are those of PyTorch's modules")
  func preset() throws {
    let layout = try StageGraph(.preset(named: "cifar-depth10")).layout
    let entries = StateDictionary(layout).entries
    #expect(
      entries.prefix(5).map(\.name) == [
        "conv1.weight", "conv1_norm.weight", "conv1_norm.bias", "conv1_norm.running_mean",
        "conv1_norm.running_var",
      ])
    #expect(entries.last?.name == "fc.weight")
    let projection = entries.first { $0.name == "conv5_projection.weight" }
    #expect(projection?.shape == [32, 16, 1, 1])
    #expect(entries.contains { $0.name == "conv5_projection_norm.running_var" })
    #expect(Set(entries.map(\.name)).count == entries.count)
  }

  @Test(
    "are possible in Python, and all different",
    arguments: [
      ("conv-1", "conv_1"), ("1st", "layer1st"), ("class", "class_layer"),
      ("train", "train_layer"), ("a", "a"),
      ("__c1", "layer__c1"), ("-1", "layer_1"), ("_modules", "layer_modules"),
    ])
  func identifiers(layer: String, module: String) throws {
    let names = try names([.linear(name: layer, outputs: 2, bias: true)])
    #expect(names == ["\(module).weight", "\(module).bias"])
  }

  @Test("of layers that differ only in what Python cannot tell apart are different")
  func collisions() throws {
    let names = try names([
      .linear(name: "a-b", outputs: 2, bias: false), .batchNorm(name: nil), .relu,
      .linear(name: "a_b", outputs: 2, bias: false), .relu,
      .linear(name: "a-b_norm", outputs: 2, bias: false),
    ])
    #expect(
      names == [
        "a_b.weight", "a_b_norm.weight", "a_b_norm.bias", "a_b_norm.running_mean",
        "a_b_norm.running_var", "a_b_.weight", "a_b_norm_.weight",
      ])
  }
}
