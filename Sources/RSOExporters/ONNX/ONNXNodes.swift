import RSONetworks
import RSOTensorFiles

/// Translates a network's operations to ONNX nodes.
struct ONNXNodes {
  let dictionary: StateDictionary
  let layout: ParameterLayout
  let epsilon: Double
  /// The name of the network's input.
  let input: String
  /// Tensors that the nodes read besides the network's own.
  private(set) var constants: [Onnx_TensorProto] = []

  init(dictionary: StateDictionary, layout: ParameterLayout, epsilon: Double, input: String) {
    self.dictionary = dictionary
    self.layout = layout
    self.epsilon = epsilon
    self.input = input
  }

  mutating func make(_ graph: ExportGraph) -> [Onnx_NodeProto] {
    var names = [input]
    for (index, node) in graph.nodes.enumerated() {
      names.append(index == graph.nodes.count - 1 ? "logits" : "\(label(node.operation))_\(index)")
    }
    return graph.nodes.enumerated().flatMap { index, node in
      make(node.operation, node.inputs.map { names[$0] }, names[index + 1])
    }
  }

  private mutating func make(
    _ operation: ExportGraph.Operation, _ inputs: [String], _ output: String
  ) -> [Onnx_NodeProto] {
    var node = Onnx_NodeProto()
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
    case .channelwise(let operation):
      return make(operation, inputs, output)
    case .add:
      node = Self.node("Add", inputs, output)
    case .flatten:
      node = Self.node("Flatten", inputs, output)
      node.attribute = [Self.attribute("axis", 1)]
    case .unflatten:
      node = Self.node("Unsqueeze", inputs + [constant("axes", [2, 3])], output)
    }
    return [node]
  }

  private mutating func make(
    _ operation: ChannelOperation, _ inputs: [String], _ output: String
  ) -> [Onnx_NodeProto] {
    switch operation {
    case .activation(let activation):
      return Self.activation(activation, inputs, output)
    case .pool(let pooling):
      var node = Self.node(pooling.mode == .average ? "AveragePool" : "MaxPool", inputs, output)
      node.attribute = Self.attributes(pooling)
      return [node]
    case .globalPool(let mode):
      return [Self.node(mode == .average ? "GlobalAveragePool" : "GlobalMaxPool", inputs, output)]
    case .zeroPad(let padding):
      let pads = [0, 0, Int64(padding), Int64(padding)]
      return [Self.node("Pad", inputs + [constant("pads_\(padding)", pads + pads)], output)]
    }
  }

  /// Strides and groups are omitted if they have ONNX's default.
  private static func attributes(_ geometry: Convolution) -> [Onnx_AttributeProto] {
    let window = geometry.window
    let pads = extents(window.padding)
    var attributes = [
      attribute("kernel_shape", extents(window.kernel)), attribute("pads", pads + pads),
    ]
    if window.stride != Extent(side: 1) {
      attributes.append(attribute("strides", extents(window.stride)))
    }
    if geometry.groups != 1 { attributes.append(attribute("group", Int64(geometry.groups))) }
    return attributes
  }

  private static func attributes(_ pooling: Pooling) -> [Onnx_AttributeProto] {
    let window = pooling.window
    let pads = extents(window.padding)
    return [
      attribute("kernel_shape", extents(window.kernel)),
      attribute("strides", extents(window.stride)),
    ] + (window.padding == Extent(side: 0) ? [] : [attribute("pads", pads + pads)])
  }

  private static func activation(
    _ activation: Activation, _ inputs: [String], _ output: String
  ) -> [Onnx_NodeProto] {
    switch activation {
    case .identity: return [node("Identity", inputs, output)]
    case .relu: return [node("Relu", inputs, output)]
    case .leakyReLU(let slope):
      var node = node("LeakyRelu", inputs, output)
      node.attribute = [attribute("alpha", number: Float(slope))]
      return [node]
    case .tanh: return [node("Tanh", inputs, output)]
    case .sign: return [node("Sign", inputs, output)]
    // ONNX has no step function. The ReLU of the sign gives the same.
    case .step:
      let sign = "\(output)_sign"
      return [node("Sign", inputs, sign), node("Relu", [sign], output)]
    }
  }

  /// The names of a layer's weights and bias.
  private func parameters(of layer: Int) -> [String] {
    let module = dictionary.modules[layer] ?? ""
    let hasBias = layout.layers[layer].tensor(.bias) != nil
    return ["\(module).weight"] + (hasBias ? ["\(module).bias"] : [])
  }

  /// The beginning of a value's name, for readers of the graph.
  private func label(_ operation: ExportGraph.Operation) -> String {
    switch operation {
    case .weighted(let layer, _): dictionary.modules[layer] ?? ""
    case .batchNorm(let layer): dictionary.norms[layer] ?? ""
    case .channelwise(.pool), .channelwise(.globalPool): "pool"
    case .channelwise(let operation): operation.typeName
    case .add: "sum"
    case .flatten, .unflatten: "shape"
    }
  }

  // MARK: Messages

  private static func extents(_ extent: Extent) -> [Int64] {
    [Int64(extent.height), Int64(extent.width)]
  }

  /// Adds a tensor of whole numbers, unless there is one of this name; returns its name.
  private mutating func constant(_ name: String, _ numbers: [Int64]) -> String {
    if !constants.contains(where: { $0.name == name }) {
      constants.append(
        ONNXTensor.message(NamedTensor(name: name, shape: [numbers.count], integers: numbers)))
    }
    return name
  }

  static func node(_ type: String, _ inputs: [String], _ output: String) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    (node.opType, node.input, node.output, node.name) = (type, inputs, [output], output)
    return node
  }

  static func attribute(_ name: String, _ value: Int64) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    (attribute.name, attribute.type, attribute.i) = (name, .int, value)
    return attribute
  }

  private static func attribute(_ name: String, number value: Float) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    (attribute.name, attribute.type, attribute.f) = (name, .float, value)
    return attribute
  }

  private static func attribute(_ name: String, _ values: [Int64]) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    (attribute.name, attribute.type, attribute.ints) = (name, .ints, values)
    return attribute
  }
}
