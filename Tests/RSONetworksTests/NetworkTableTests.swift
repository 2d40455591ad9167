import BackendConformance
import RSONetworks
import Testing

@Suite("The table of networks")
struct NetworkTableTests {
  @Test("it has every preset, as the file says it, and every kind of layer")
  func coverage() throws {
    #expect(Set(NetworkTable.names).isSuperset(of: Architecture.presetNames))
    var types: Set<String> = []
    for name in NetworkTable.names {
      let architecture = try NetworkTable.network(named: name).architecture
      #expect(architecture.name == name)
      types.formUnion(architecture.layers.map(Self.type))
    }
    #expect(
      types == [
        "convolution", "convolution with bias", "linear", "linear with bias", "average-pool",
        "batch-norm", "relu", "leaky-relu", "tanh", "sign", "step", "identity", "skip",
        "projected skip", "global max", "global average", "flatten", "zero-pad", "max-pool",
        "sigmoid", "gelu", "silu", "elu", "softplus", "hard-sigmoid", "hard-swish", "layer-norm",
        "group-norm", "mark", "branch", "concatenate", "zero-channels",
      ])
  }

  @Test("a preset is what its file says", arguments: Architecture.presetNames)
  func presets(name: String) throws {
    #expect(try NetworkTable.network(named: name).architecture == Architecture.preset(named: name))
  }

  @Test(
    "tensors have the names, shapes and order that PyTorch gives them",
    arguments: NetworkTable.names)
  func layout(name: String) throws {
    let network = try NetworkTable.network(named: name)
    let layout = network.graph.layout
    let tensors = layout.layers.flatMap { layer in
      layer.tensors.map { "\(layer.name).\($0.kind.rawValue) \($0.shape)" }
    }
    #expect(tensors == network.tensors)
    #expect(network.parameters.count == layout.parameterCount)
  }

  private static func type(_ layer: LayerSpec) -> String {
    switch layer {
    case .weighted(let layer): layer.operation.typeName + (layer.bias ? " with bias" : "")
    case .channelwise(.globalPool(let mode)): "global \(mode.rawValue)"
    case .channelwise(let operation): operation.typeName
    case .batchNorm: "batch-norm"
    case .skip(_, let projection): projection ? "projected skip" : "skip"
    case .flatten: "flatten"
    case .sampleNorm(_, let groups): groups == 1 ? "layer-norm" : "group-norm"
    case .mark: "mark"
    case .branch: "branch"
    case .concatenate: "concatenate"
    case .zeroChannels: "zero-channels"
    }
  }
}
