import RSONetworks
import RSOTensorFiles

/// Translates a network's operations to ONNX nodes.
struct ONNXNodes {
  let dictionary: StateDictionary
  let layout: ParameterLayout
  let epsilon: Double
  /// The name of the network's input.
  let input: String
  /// True if a node reads the tensor `axes`.
  private(set) var unflattens = false

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
    case .convolution(let layer, let geometry):
      node = Self.node("Conv", inputs + parameters(of: layer), output)
      let window = geometry.window
      let pads = Self.extents(window.padding)
      node.attribute = [
        Self.attribute("kernel_shape", Self.extents(window.kernel)),
        Self.attribute("pads", pads + pads),
      ]
      // Omitted if they have ONNX's default.
      if window.stride != Extent(side: 1) {
        node.attribute.append(Self.attribute("strides", Self.extents(window.stride)))
      }
      if geometry.groups != 1 {
        node.attribute.append(Self.attribute("group", Int64(geometry.groups)))
      }
    case .linear(let layer):
      node = Self.node("Gemm", inputs + parameters(of: layer), output)
      node.attribute = [Self.attribute("transB", 1)]
    case .batchNorm(let layer):
      let norm = dictionary.norms[layer] ?? ""
      let members = ["weight", "bias", "running_mean", "running_var"].map { "\(norm).\($0)" }
      node = Self.node("BatchNormalization", inputs + members, output)
      node.attribute = [Self.attribute("epsilon", number: Float(epsilon))]
    case .activation(let activation):
      return Self.activation(activation, inputs, output)
    case .pool(let pooling):
      let window = pooling.window
      node = Self.node(
        pooling.mode == .average ? "AveragePool" : "MaxPool", inputs, output)
      node.attribute = [
        Self.attribute("kernel_shape", Self.extents(window.kernel)),
        Self.attribute("strides", Self.extents(window.stride)),
      ]
      if window.padding != Extent(side: 0) {
        let pads = Self.extents(window.padding)
        node.attribute.append(Self.attribute("pads", pads + pads))
      }
    case .globalPool(let mode):
      node = Self.node(mode == .average ? "GlobalAveragePool" : "GlobalMaxPool", inputs, output)
    case .add:
      node = Self.node("Add", inputs, output)
    case .flatten:
      node = Self.node("Flatten", inputs, output)
      node.attribute = [Self.attribute("axis", 1)]
    case .unflatten:
      unflattens = true
      node = Self.node("Unsqueeze", inputs + [Self.axes.name], output)
    }
    return [node]
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
    case .convolution(let layer, _), .linear(let layer): dictionary.modules[layer] ?? ""
    case .batchNorm(let layer): dictionary.norms[layer] ?? ""
    case .activation(let activation): activation.name
    case .pool, .globalPool: "pool"
    case .add: "sum"
    case .flatten, .unflatten: "shape"
    }
  }

  // MARK: Messages

  private static func extents(_ extent: Extent) -> [Int64] {
    [Int64(extent.height), Int64(extent.width)]
  }

  /// The axes, 2 and 3, that `Unsqueeze` adds to a flat value.
  static var axes: Onnx_TensorProto {
    ONNXTensor.message(
      NamedTensor(
        name: "axes", elementType: .int64, shape: [2],
        bytes: [2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]))
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
