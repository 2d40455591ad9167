import RSODatasets
import RSONetworks
import RSOTensorFiles

/// Writes ONNX (https://onnx.ai): the network in evaluation mode, batch norms with their fixed
/// statistics, for batches of any size.
///
/// The graph's input is `input`, normalised samples in Float32. If it includes the normalisation, the input is
/// `images`, bytes, or `samples`, Float32 in their own units. *Shape* of each: N x C x H x W. The output is
/// `logits`, N x outputs.
enum ONNXWriter {
  static let version: Int64 = 8
  static let operatorSet: Int64 = 17

  static func encode(_ network: TrainedNetwork, includesNormalization: Bool) throws -> [UInt8] {
    let stages = try StageGraph(network.architecture)
    let dictionary = StateDictionary(stages.layout)
    var graph = ONNX.Graph()
    graph.name = network.architecture.name
    graph.initializer = network.storedTensors(dictionary).map(ONNXTensor.message)

    var input = "input"
    let shape = network.architecture.input
    let extents = [shape.channels, shape.height, shape.width]
    if includesNormalization {
      switch network.elements {
      case .bytes:
        graph.input = [value("images", .uint8, extents)]
        addNormalizationOfBytes(network.normalization, to: &graph)
      case .floats:
        graph.input = [value("samples", .float, extents)]
        addNormalizationOfFloats(network.normalization, to: &graph)
      }
      input = "normalized"
    } else {
      graph.input = [value(input, .float, extents)]
    }
    graph.output = [value("logits", .float, [network.architecture.classes])]
    var nodes = ONNXNodes(
      dictionary: dictionary, layout: stages.layout, epsilon: network.architecture.epsilon,
      input: input, integerWeights: dictionary.integerWeights(network.integerWeights))
    graph.node += nodes.makeWeights() + nodes.make(ExportGraph(stages))
    graph.initializer += nodes.constants

    let model = ONNX.Model(
      irVersion: version, producerName: "rso", graph: graph,
      opsetImport: [ONNX.OperatorSet(version: operatorSet)],
      metadataProps: try network.metadata().sorted { $0.key < $1.key }.map {
        ONNX.Entry(key: $0.key, value: $0.value)
      })
    var writer = ProtocolBufferWriter()
    model.write(to: &writer)
    return writer.bytes
  }

  /// Computes (image - 255 mean) / (255 std), with one value per channel.
  private static func addNormalizationOfBytes(
    _ normalization: Normalization, to graph: inout ONNX.Graph
  ) {
    let (mean, deviation) = (CompanionNames.pixelMean, CompanionNames.pixelDeviation)
    let constants = [(mean, normalization.mean), (deviation, normalization.divisors)]
    for (name, values) in constants {
      let tensor = NamedTensor(
        name: name, shape: [values.count, 1, 1], values: values.map { Float(255 * $0) })
      graph.initializer.append(ONNXTensor.message(tensor))
    }
    var cast = ONNXNodes.node("Cast", ["images"], "pixels")
    cast.attribute = [ONNXNodes.attribute("to", ONNX.Tensor.DataType.float.rawValue)]
    graph.node = [
      cast, ONNXNodes.node("Sub", ["pixels", mean], "centered"),
      ONNXNodes.node("Div", ["centered", deviation], "normalized"),
    ]
  }

  /// Computes (sample - mean) / std in double, as rso does, with one value per channel or feature: in
  /// single precision a feature whose mean is large beside its deviation would lose digits.
  private static func addNormalizationOfFloats(
    _ normalization: Normalization, to graph: inout ONNX.Graph
  ) {
    let (mean, deviation) = (CompanionNames.sampleMean, CompanionNames.sampleDeviation)
    let constants = [(mean, normalization.mean), (deviation, normalization.divisors)]
    for (name, values) in constants {
      let tensor = NamedTensor(name: name, shape: [values.count, 1, 1], doubles: values)
      graph.initializer.append(ONNXTensor.message(tensor))
    }
    func cast(_ input: String, _ output: String, to type: ONNX.Tensor.DataType) -> ONNX.Node {
      var node = ONNXNodes.node("Cast", [input], output)
      node.attribute = [ONNXNodes.attribute("to", type.rawValue)]
      return node
    }
    graph.node = [
      cast("samples", "numbers", to: .double),
      ONNXNodes.node("Sub", ["numbers", mean], "centered"),
      ONNXNodes.node("Div", ["centered", deviation], "scaled"),
      cast("scaled", "normalized", to: .float),
    ]
  }

  /// A value of the graph. The number of samples is a name instead of a number.
  private static func value(
    _ name: String, _ type: ONNX.Tensor.DataType, _ extents: [Int]
  ) -> ONNX.ValueInfo {
    ONNX.ValueInfo(
      name: name, elementType: type, shape: [.name("N")] + extents.map { .number(Int64($0)) })
  }
}
