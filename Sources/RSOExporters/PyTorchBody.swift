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
      let dilation =
        window.dilation == Extent(side: 1) ? "" : "dilation=\(Self.extent(window.dilation)), "
      let groups = geometry.groups == 1 ? "" : "groups=\(geometry.groups), "
      let padding = window.edges(on: window.span).symmetric.map(Self.extent) ?? "0"
      modules.append(
        "self.\(module(layer)) = nn.Conv2d(\(inputs * geometry.groups), \(outputs), "
          + "\(Self.extent(window.kernel)), \(stride)padding=\(padding), \(dilation)"
          + "\(groups)bias=\(bias))")
    case .weighted(let layer, .linear):
      let (inputs, outputs, bias) = weight(layer)
      modules.append("self.\(module(layer)) = nn.Linear(\(inputs), \(outputs), bias=\(bias))")
    case .batchNorm(let layer):
      modules.append(
        "self.\(norm(layer)) = nn.BatchNorm\(node.isFlat ? 1 : 2)d(\(layers[layer].outputs), "
          + "eps=\(epsilon))")
    case .sampleNorm(let layer, let groups):
      modules.append(
        "self.\(norm(layer)) = nn.GroupNorm(\(groups), \(layers[layer].outputs), eps=\(epsilon))")
    default:
      break
    }
  }

  private func expression(_ node: ExportGraph.Node, _ inputs: [String]) -> String {
    switch node.operation {
    case .weighted(let layer, .convolution(let geometry)):
      "self.\(module(layer))(\(Self.padded(inputs[0], geometry.window)))"
    case .weighted(let layer, .linear): "self.\(module(layer))(\(inputs[0]))"
    case .batchNorm(let layer), .sampleNorm(let layer, _): "self.\(norm(layer))(\(inputs[0]))"
    case .channelwise(let operation): expression(operation, inputs[0])
    case .add: inputs.joined(separator: " + ")
    case .concatenate: "torch.cat([\(inputs.joined(separator: ", "))], 1)"
    case .zeroChannels(let count):
      node.isFlat
        ? "F.pad(\(inputs[0]), (0, \(count)))" : "F.pad(\(inputs[0]), (0, 0, 0, 0, 0, \(count)))"
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

  /// A value in the padding that a convolution's module cannot add, since its sides differ.
  private static func padded(_ input: String, _ window: Window) -> String {
    let edges = window.edges(on: window.span)
    return edges.symmetric == nil ? "F.pad(\(input), \(pads(edges)))" : input
  }

  /// The padding in PyTorch's order: left, right, top, bottom.
  private static func pads(_ edges: Edges) -> String {
    "(\(edges.left), \(edges.right), \(edges.top), \(edges.bottom))"
  }

  private func expression(_ pooling: Pooling, _ input: String) -> String {
    let window = pooling.window
    let function = pooling.mode == .average ? "avg_pool2d" : "max_pool2d"
    let stride =
      window.stride == window.kernel ? "" : ", stride=\(Self.extent(window.stride))"
    let edges = window.edges(on: window.span)
    func pooled(_ input: String, _ more: String = "") -> String {
      "F.\(function)(\(input), \(Self.extent(window.kernel))\(stride)\(more))"
    }
    guard edges.all.contains(where: { $0 > 0 }) else { return pooled(input) }
    // PyTorch pads a pool by at most half of its kernel, evenly.
    if let each = edges.symmetric, 2 * each.height <= window.kernel.height,
      2 * each.width <= window.kernel.width
    {
      let counted = pooling.mode == .average ? ", count_include_pad=False" : ""
      return pooled(input, ", padding=\(Self.extent(each))\(counted)")
    }
    let pads = Self.pads(edges)
    return pooling.mode == .average
      ? pooled("F.pad(\(input), \(pads))")
        + " / " + pooled("F.pad(torch.ones_like(\(input)), \(pads))")
      : pooled("F.pad(\(input), \(pads), value=-torch.inf)")
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
    case .sigmoid: "torch.sigmoid(\(input))"
    case .gelu: "F.gelu(\(input))"
    case .silu: "F.silu(\(input))"
    case .elu(let alpha): "F.elu(\(input), \(alpha))"
    case .softplus: "F.softplus(\(input))"
    case .hardSigmoid: "F.hardsigmoid(\(input))"
    case .hardSwish: "F.hardswish(\(input))"
    }
  }

  private func module(_ layer: Int) -> String { dictionary.modules[layer] ?? "" }
  private func norm(_ layer: Int) -> String { dictionary.norms[layer] ?? "" }
}
