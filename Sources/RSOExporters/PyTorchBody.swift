import RSONetworks

/// The Python lines that make a network's modules, and the lines that apply them.
struct PyTorchBody {
  private(set) var modules: [String] = []
  /// Statements from `x`, the samples, to `x`, the logits.
  private(set) var statements: [String] = []
  private let dictionary: StateDictionary

  init(graph: ExportGraph, layout: ParameterLayout, architecture: Architecture) {
    dictionary = StateDictionary(layout)
    let kept = graph.keptValues
    if kept.contains(0) { statements.append("x0 = x") }
    for (index, node) in graph.nodes.enumerated() {
      addModule(of: node, layout.layers, epsilon: architecture.epsilon)
      // A value that is read again later has a name of its own; all others are x.
      let inputs = node.inputs.map { $0 == index ? "x" : "x\($0)" }
      let target = kept.contains(index + 1) ? "x\(index + 1) = x" : "x"
      statements.append("\(target) = \(expression(node, inputs))")
    }
  }

  private mutating func addModule(
    of node: ExportGraph.Node, _ layers: [ParameterLayer], epsilon: Double
  ) {
    func weight(_ layer: Int) -> (inputs: Int, outputs: Int, bias: String) {
      let shape = layers[layer].tensor(.weight)?.shape ?? [0, 0]
      return (shape[1], shape[0], layers[layer].tensor(.bias) == nil ? "False" : "True")
    }
    switch node.operation {
    case .weighted(let layer, .convolution(let geometry)):
      let (inputs, outputs, bias) = weight(layer)
      let window = geometry.window
      let stride =
        window.stride == Extent(side: 1) ? "" : "stride=\(Self.extent(window.stride)), "
      let groups = geometry.groups == 1 ? "" : "groups=\(geometry.groups), "
      modules.append(
        "self.\(module(layer)) = nn.Conv2d(\(inputs * geometry.groups), \(outputs), "
          + "\(Self.extent(window.kernel)), \(stride)padding=\(Self.extent(window.padding)), "
          + "\(groups)bias=\(bias))")
    case .weighted(let layer, .linear):
      let (inputs, outputs, bias) = weight(layer)
      modules.append("self.\(module(layer)) = nn.Linear(\(inputs), \(outputs), bias=\(bias))")
    case .batchNorm(let layer):
      modules.append(
        "self.\(norm(layer)) = nn.BatchNorm\(node.isFlat ? 1 : 2)d(\(layers[layer].outputs), "
          + "eps=\(epsilon))")
    default:
      break
    }
  }

  private func expression(_ node: ExportGraph.Node, _ inputs: [String]) -> String {
    switch node.operation {
    case .weighted(let layer, _): "self.\(module(layer))(\(inputs[0]))"
    case .batchNorm(let layer): "self.\(norm(layer))(\(inputs[0]))"
    case .channelwise(let operation): expression(operation, inputs[0])
    case .add: inputs.joined(separator: " + ")
    case .flatten: "\(inputs[0]).flatten(1)"
    case .unflatten: "\(inputs[0])[:, :, None, None]"
    }
  }

  private func expression(_ operation: ChannelOperation, _ input: String) -> String {
    switch operation {
    case .activation(let activation): expression(activation, input)
    case .pool(let pooling): expression(pooling, input)
    case .globalPool(.average): "F.adaptive_avg_pool2d(\(input), 1)"
    case .globalPool(.maximum): "F.adaptive_max_pool2d(\(input), 1)"
    case .zeroPad(let padding):
      "F.pad(\(input), (\(padding), \(padding), \(padding), \(padding)))"
    }
  }

  private func expression(_ pooling: Pooling, _ input: String) -> String {
    let window = pooling.window
    let function = pooling.mode == .average ? "avg_pool2d" : "max_pool2d"
    let stride =
      window.stride == window.kernel ? "" : ", stride=\(Self.extent(window.stride))"
    let padding =
      window.padding == Extent(side: 0) ? "" : ", padding=\(Self.extent(window.padding))"
    return "F.\(function)(\(input), \(Self.extent(window.kernel))\(stride)\(padding))"
  }

  /// One number for a square, as PyTorch takes it.
  private static func extent(_ extent: Extent) -> String {
    extent.height == extent.width ? "\(extent.height)" : "(\(extent.height), \(extent.width))"
  }

  private func expression(_ activation: Activation, _ input: String) -> String {
    switch activation {
    case .identity: input
    case .relu: "F.relu(\(input))"
    case .leakyReLU(let slope): "F.leaky_relu(\(input), \(slope))"
    case .tanh: "torch.tanh(\(input))"
    case .sign: "torch.sign(\(input))"
    case .step: "(\(input) > 0).to(\(input).dtype)"
    }
  }

  private func module(_ layer: Int) -> String { dictionary.modules[layer] ?? "" }
  private func norm(_ layer: Int) -> String { dictionary.norms[layer] ?? "" }
}
