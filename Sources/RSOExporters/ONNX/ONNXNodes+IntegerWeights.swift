import RSOTensorFiles

/// The nodes that make real weights of integer ones. Runtimes compute them once, when they load the model.
extension ONNXNodes {
  /// The name of the real weights that stand for integer ones.
  static func real(_ weight: String) -> String { weight + "_real" }

  mutating func makeWeights() -> [ONNX.Node] {
    layout.layers.indices.flatMap { layer -> [ONNX.Node] in
      guard let module = dictionary.modules[layer],
        let form = integerWeights["\(module).weight"]
      else { return [] }
      return form.isBinary
        ? unpacked("\(module).weight", fanIn: layout.layers[layer].fanIn)
        : scaled("\(module).weight")
    }
  }

  /// multiple * scale.
  private func scaled(_ weight: String) -> [ONNX.Node] {
    let number = "\(weight)_number"
    return [
      Self.cast(weight, number),
      Self.node("Mul", [number, weight + IntegerWeights.scaleSuffix], Self.real(weight)),
    ]
  }

  /// bit * 2 * scale - scale, for each bit of each byte, the highest first. ONNX's smallest type is a byte.
  private mutating func unpacked(_ weight: String, fanIn: Int) -> [ONNX.Node] {
    let (scale, shape) = (weight + IntegerWeights.scaleSuffix, weight + IntegerWeights.shapeSuffix)
    func value(_ name: String) -> String { "\(weight)_\(name)" }
    let bits = CompanionNames.bits
    let (axis, column) = (constant("\(bits)axis", [2]), constant("\(bits)column_axis", [1]))
    let first = constant("\(bits)first", [0])
    let end = constant("\(bits)end_\(fanIn)", [Int64(fanIn)])
    let places = constant("\(bits)places", bytes: [7, 6, 5, 4, 3, 2, 1, 0])
    let two = constant("\(bits)two", bytes: [2])
    return [
      Self.node("Unsqueeze", [weight + IntegerWeights.bitsSuffix, axis], value("bytes")),
      Self.node(
        "BitShift", [value("bytes"), places], value("shifted"),
        [ONNX.Attribute(name: "direction", value: .text("RIGHT"))]),
      Self.node("Mod", [value("shifted"), two], value("each_bit")),
      Self.node("Flatten", [value("each_bit")], value("padded"), [Self.attribute("axis", 1)]),
      Self.node("Slice", [value("padded"), first, end, column], value("rows")),
      Self.node("Reshape", [value("rows"), shape], value("shaped")),
      Self.cast(value("shaped"), value("zero_or_one")),
      Self.node("Add", [scale, scale], value("twice_scale")),
      Self.node("Mul", [value("zero_or_one"), value("twice_scale")], value("zero_or_twice")),
      Self.node("Sub", [value("zero_or_twice"), scale], Self.real(weight)),
    ]
  }

  private static func cast(_ input: String, _ output: String) -> ONNX.Node {
    node("Cast", [input], output, [attribute("to", ONNX.Tensor.DataType.float.rawValue)])
  }

  private static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [ONNX.Attribute]
  ) -> ONNX.Node {
    var node = node(type, inputs, output)
    node.attribute = attributes
    return node
  }

  /// Adds a tensor of bytes, unless there is one of this name; returns its name.
  private mutating func constant(_ name: String, bytes: [UInt8]) -> String {
    if !constants.contains(where: { $0.name == name }) {
      constants.append(
        ONNXTensor.message(
          NamedTensor(name: name, elementType: .uint8, shape: [bytes.count], bytes: bytes[...])))
    }
    return name
  }
}
