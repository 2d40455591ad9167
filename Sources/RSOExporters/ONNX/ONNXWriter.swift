internal import FoundationEssentials
import RSONetworks
import RSOTensorFiles
internal import SwiftProtobuf

/// Writes ONNX (https://onnx.ai): the network in evaluation mode, batch norms with their fixed
/// statistics, for batches of any size.
///
/// The graph's input is `input`, normalised samples in Float32; if it includes the normalisation,
/// `images`, bytes. *Shape* of both: N x C x H x W. Its output is `logits`, N x classes.
enum ONNXWriter {
  private static let version: Int64 = 8
  private static let operatorSet: Int64 = 17

  static func encode(_ network: TrainedNetwork, includesNormalization: Bool) throws -> [UInt8] {
    let stages = try StageGraph(network.architecture)
    let dictionary = StateDictionary(stages.layout)
    var graph = Onnx_GraphProto()
    graph.name = network.architecture.name
    graph.initializer = dictionary.tensors(of: network).map(ONNXTensor.message)

    var input = "input"
    let shape = network.architecture.input
    let extents = [shape.channels, shape.height, shape.width]
    if includesNormalization {
      graph.input = [value("images", .uint8, extents)]
      try addNormalization(network, to: &graph)
      input = "normalized"
    } else {
      graph.input = [value(input, .float, extents)]
    }
    graph.output = [value("logits", .float, [network.architecture.classes])]
    var nodes = ONNXNodes(
      dictionary: dictionary, layout: stages.layout, epsilon: network.architecture.epsilon,
      input: input)
    graph.node += nodes.make(ExportGraph(stages))
    graph.initializer += nodes.constants

    var model = Onnx_ModelProto()
    model.irVersion = version
    model.producerName = "rso"
    model.graph = graph
    var operators = Onnx_OperatorSetIdProto()
    operators.version = operatorSet
    model.opsetImport = [operators]
    model.metadataProps = try network.metadata().sorted { $0.key < $1.key }.map { name, text in
      var entry = Onnx_StringStringEntryProto()
      (entry.key, entry.value) = (name, text)
      return entry
    }
    return try model.serializedBytes()
  }

  /// Computes (image - 255 mean) / (255 std), with one value per channel.
  private static func addNormalization(
    _ network: TrainedNetwork, to graph: inout Onnx_GraphProto
  ) throws {
    let (mean, divisors) = (network.normalization.mean, network.normalization.divisors)
    for (name, values) in [("pixel_mean", mean), ("pixel_std", divisors)] {
      let tensor = NamedTensor(
        name: name, shape: [values.count, 1, 1], values: values.map { Float(255 * $0) })
      graph.initializer.append(ONNXTensor.message(tensor))
    }
    var cast = ONNXNodes.node("Cast", ["images"], "pixels")
    cast.attribute = [ONNXNodes.attribute("to", Int64(Onnx_TensorProto.DataType.float.rawValue))]
    graph.node = [
      cast, ONNXNodes.node("Sub", ["pixels", "pixel_mean"], "centered"),
      ONNXNodes.node("Div", ["centered", "pixel_std"], "normalized"),
    ]
  }

  /// A value of the graph. The number of samples is a name instead of a number.
  private static func value(
    _ name: String, _ type: Onnx_TensorProto.DataType, _ extents: [Int]
  ) -> Onnx_ValueInfoProto {
    var samples = Onnx_TensorShapeProto.Dimension()
    samples.dimParam = "N"
    var value = Onnx_ValueInfoProto()
    value.name = name
    value.type.tensorType.elemType = Int32(type.rawValue)
    value.type.tensorType.shape.dim =
      [samples]
      + extents.map { extent in
        var dimension = Onnx_TensorShapeProto.Dimension()
        dimension.dimValue = Int64(extent)
        return dimension
      }
    return value
  }
}
