import RSONetworks
import RSOTensorFiles

/// Translates a network's operations to ONNX nodes.
struct ONNXNodes {
  let dictionary: StateDictionary
  let layout: ParameterLayout
  let epsilon: Double
  /// The name of the network's input.
  let input: String
  /// The forms of integer weights by the names of their entries.
  let integerWeights: [String: IntegerWeights]
  /// Tensors that the nodes read besides the network's own.
  var constants: [ONNX.Tensor] = []

  init(
    dictionary: StateDictionary, layout: ParameterLayout, epsilon: Double, input: String,
    integerWeights: [String: IntegerWeights]
  ) {
    self.integerWeights = integerWeights
    self.dictionary = dictionary
    self.layout = layout
    self.epsilon = epsilon
    self.input = input
  }

  mutating func make(_ graph: ExportGraph) -> [ONNX.Node] {
    var names = [input]
    for (index, node) in graph.nodes.enumerated() {
      names.append(index == graph.nodes.count - 1 ? "logits" : "\(label(node.operation))_\(index)")
    }
    return graph.nodes.enumerated().flatMap { index, node in
      make(node.operation, isFlat: node.isFlat, node.inputs.map { names[$0] }, names[index + 1])
    }
  }

  private mutating func make(
    _ operation: ExportGraph.Operation, isFlat: Bool, _ inputs: [String], _ output: String
  ) -> [ONNX.Node] {
    var node: ONNX.Node
    switch operation {
    case .weighted(let layer, .convolution(let geometry)):
      node = Self.node("Conv", inputs + parameters(of: layer), output)
      node.attribute = Self.attributes(geometry)
    case .weighted(let layer, .linear):
      node = Self.node("Gemm", inputs + parameters(of: layer), output)
      node.attribute = [Self.attribute("transB", 1)]
    case .batchNorm(let layer):
      let norm = dictionary.norms[layer] ?? ""
      let members = ["weight", "bias", "running_mean", "running_var"].map { "\(norm).\($0)" }
      node = Self.node("BatchNormalization", inputs + members, output)
      node.attribute = [Self.attribute("epsilon", number: Float(epsilon))]
    case .sampleNorm(let layer, let groups):
      return makeSampleNorm(layer, groups: groups, isFlat: isFlat, inputs, output)
    case .channelwise(let operation):
      return make(operation, inputs, output)
    case .add:
      node = Self.node("Add", inputs, output)
    case .concatenate:
      node = Self.node("Concat", inputs, output)
      node.attribute = [Self.attribute("axis", 1)]
    case .zeroChannels(let count):
      let none = [Int64](repeating: 0, count: isFlat ? 2 : 4)
      let pads = constant(
        "\(CompanionNames.pads)of_\(output)", none + [0, Int64(count)] + none.dropFirst(2))
      node = Self.node("Pad", inputs + [pads], output)
    case .flatten:
      node = Self.node("Flatten", inputs, output)
      node.attribute = [Self.attribute("axis", 1)]
    case .unflatten:
      node = Self.node("Unsqueeze", inputs + [constant(CompanionNames.axes, [2, 3])], output)
    }
    return [node]
  }

  private mutating func make(
    _ operation: ChannelOperation, _ inputs: [String], _ output: String
  ) -> [ONNX.Node] {
    switch operation {
    case .activation(let activation):
      return makeActivation(activation, inputs, output)
    case .pool(let pooling):
      var node = Self.node(pooling.mode == .average ? "AveragePool" : "MaxPool", inputs, output)
      node.attribute = Self.attributes(pooling)
      return [node]
    case .globalPool(let mode):
      return [Self.node(mode == .average ? "GlobalAveragePool" : "GlobalMaxPool", inputs, output)]
    case .zeroPad(let padding):
      let pads = [0, 0, Int64(padding), Int64(padding)]
      let name = constant("\(CompanionNames.pads)\(padding)", pads + pads)
      return [Self.node("Pad", inputs + [name], output)]
    }
  }

  /// A norm over groups of channels, as PyTorch writes it: an instance norm of the groups, then the gamma
  /// and beta of each channel.
  private mutating func makeSampleNorm(
    _ layer: Int, groups: Int, isFlat: Bool, _ inputs: [String], _ output: String
  ) -> [ONNX.Node] {
    let norm = dictionary.norms[layer] ?? ""
    let ones = constant("ones_\(groups)", floats: Array(repeating: 1, count: groups), [groups])
    let zeros = constant("zeros_\(groups)", floats: Array(repeating: 0, count: groups), [groups])
    let shape = "\(output)_shape"
    var normalized = Self.node(
      "InstanceNormalization", ["\(output)_groups", ones, zeros], "\(output)_normalized")
    normalized.attribute = [Self.attribute("epsilon", number: Float(epsilon))]
    let members = ["weight", "bias"].map { "\(norm).\($0)" }
    let perChannel = isFlat ? members : members.map { "\($0)_per_channel" }
    var unsqueezed: [ONNX.Node] = []
    if !isFlat {
      // One gamma and one beta for each channel, before the axes of pixels.
      let axes = constant(CompanionNames.pixelAxes, [1, 2])
      unsqueezed = zip(members, perChannel).map { Self.node("Unsqueeze", [$0, axes], $1) }
    }
    let extents = constant("\(CompanionNames.groups)\(groups)", [0, Int64(groups), -1])
    return [
      Self.node("Shape", inputs, shape),
      Self.node("Reshape", inputs + [extents], "\(output)_groups"),
      normalized, Self.node("Reshape", ["\(output)_normalized", shape], "\(output)_reshaped"),
    ] + unsqueezed + [
      Self.node("Mul", ["\(output)_reshaped", perChannel[0]], "\(output)_scaled"),
      Self.node("Add", ["\(output)_scaled", perChannel[1]], output),
    ]
  }

  /// Strides, dilations and groups are omitted if they have ONNX's default.
  private static func attributes(_ geometry: Convolution) -> [ONNX.Attribute] {
    let window = geometry.window
    var attributes = [
      attribute("kernel_shape", extents(window.kernel)), attribute("pads", pads(window)),
    ]
    if window.dilation != Extent(side: 1) {
      attributes.append(attribute("dilations", extents(window.dilation)))
    }
    if window.stride != Extent(side: 1) {
      attributes.append(attribute("strides", extents(window.stride)))
    }
    if geometry.groups != 1 { attributes.append(attribute("group", Int64(geometry.groups))) }
    return attributes
  }

  private static func attributes(_ pooling: Pooling) -> [ONNX.Attribute] {
    let window = pooling.window
    let pads = pads(window)
    return [
      attribute("kernel_shape", extents(window.kernel)),
      attribute("strides", extents(window.stride)),
    ] + (pads.allSatisfy { $0 == 0 } ? [] : [attribute("pads", pads)])
  }

  /// The window of a stage has the same padding on planes of any size.
  private static func pads(_ window: Window) -> [Int64] {
    window.edges(on: window.span).all.map(Int64.init)
  }

  private mutating func makeActivation(
    _ activation: Activation, _ inputs: [String], _ output: String
  ) -> [ONNX.Node] {
    switch activation {
    case .identity: return [Self.node("Identity", inputs, output)]
    case .relu: return [Self.node("Relu", inputs, output)]
    case .leakyReLU(let slope):
      var node = Self.node("LeakyRelu", inputs, output)
      node.attribute = [Self.attribute("alpha", number: Float(slope))]
      return [node]
    case .tanh: return [Self.node("Tanh", inputs, output)]
    case .sign: return [Self.node("Sign", inputs, output)]
    // ONNX has no step function. The ReLU of the sign gives the same.
    case .step:
      let sign = "\(output)_sign"
      return [Self.node("Sign", inputs, sign), Self.node("Relu", [sign], output)]
    case .sigmoid: return [Self.node("Sigmoid", inputs, output)]
    case .silu:
      let sigmoid = "\(output)_sigmoid"
      return [Self.node("Sigmoid", inputs, sigmoid), Self.node("Mul", inputs + [sigmoid], output)]
    case .elu(let alpha):
      var node = Self.node("Elu", inputs, output)
      node.attribute = [Self.attribute("alpha", number: Float(alpha))]
      return [node]
    case .softplus: return [Self.node("Softplus", inputs, output)]
    case .hardSigmoid: return [Self.hardSigmoid(inputs, output)]
    case .hardSwish: return [Self.node("HardSwish", inputs, output)]
    case .gelu: return gelu(inputs, output)
    }
  }

  private static func hardSigmoid(_ inputs: [String], _ output: String) -> ONNX.Node {
    var node = node("HardSigmoid", inputs, output)
    node.attribute = [
      attribute("alpha", number: 1 / 6), attribute("beta", number: 0.5),
    ]
    return node
  }

  /// x / 2 * (1 + erf(x / sqrt 2)): ONNX has Gelu from operator set 20 on.
  private mutating func gelu(_ inputs: [String], _ output: String) -> [ONNX.Node] {
    let (root, one, half) = (
      constant("root_of_half", floats: [0.7071067811865476], []), constant("one", floats: [1], []),
      constant("half", floats: [0.5], [])
    )
    return [
      Self.node("Mul", inputs + [root], "\(output)_scaled"),
      Self.node("Erf", ["\(output)_scaled"], "\(output)_erf"),
      Self.node("Add", ["\(output)_erf", one], "\(output)_share"),
      Self.node("Mul", inputs + ["\(output)_share"], "\(output)_twice"),
      Self.node("Mul", ["\(output)_twice", half], output),
    ]
  }

  /// The names of the values of a layer's weights and bias.
  private func parameters(of layer: Int) -> [String] {
    let module = dictionary.modules[layer] ?? ""
    let hasBias = layout.layers[layer].tensor(.bias) != nil
    let weight = "\(module).weight"
    return [integerWeights[weight] == nil ? weight : Self.real(weight)]
      + (hasBias ? ["\(module).bias"] : [])
  }

  /// The beginning of a value's name, for readers of the graph.
  private func label(_ operation: ExportGraph.Operation) -> String {
    switch operation {
    case .weighted(let layer, _): dictionary.modules[layer] ?? ""
    case .batchNorm(let layer), .sampleNorm(let layer, _): dictionary.norms[layer] ?? ""
    case .channelwise(.pool), .channelwise(.globalPool): "pool"
    case .channelwise(let operation): operation.typeName
    case .add: "sum"
    case .concatenate: "channels"
    case .zeroChannels: "zeros"
    case .flatten, .unflatten: "shape"
    }
  }

  // MARK: Messages

  static func extents(_ extent: Extent) -> [Int64] {
    [Int64(extent.height), Int64(extent.width)]
  }

  /// Adds a tensor of whole numbers, unless there is one of this name; returns its name.
  mutating func constant(_ name: String, _ numbers: [Int64]) -> String {
    if !constants.contains(where: { $0.name == name }) {
      constants.append(
        ONNXTensor.message(NamedTensor(name: name, shape: [numbers.count], integers: numbers)))
    }
    return name
  }

  /// The same for numbers in single precision.
  private mutating func constant(
    _ name: String, floats: [Double], _ shape: [Int]
  ) -> String {
    let name = CompanionNames.floats + name
    if !constants.contains(where: { $0.name == name }) {
      constants.append(
        ONNXTensor.message(
          NamedTensor(name: name, shape: shape, values: floats.map(Float.init))))
    }
    return name
  }

  static func node(_ type: String, _ inputs: [String], _ output: String) -> ONNX.Node {
    ONNX.Node(input: inputs, output: [output], name: output, opType: type)
  }

  static func attribute(_ name: String, _ value: Int64) -> ONNX.Attribute {
    ONNX.Attribute(name: name, value: .int(value))
  }

  private static func attribute(_ name: String, number value: Float) -> ONNX.Attribute {
    ONNX.Attribute(name: name, value: .float(value))
  }

  private static func attribute(_ name: String, _ values: [Int64]) -> ONNX.Attribute {
    ONNX.Attribute(name: name, value: .ints(values))
  }
}
