import RSOSystem
import RSOTensorFiles

/// Reads the initialisers of an ONNX model, which are its weights, and its metadata. The graph is
/// ignored.
package enum ONNXReader {
  private static let maximumTensors = 100_000

  /// Reads the bytes of a file.
  package static func decode(_ bytes: [UInt8]) throws(TensorFileError) -> TensorList {
    let model: ONNX.Model
    do throws(ProtocolBufferReader.Malformed) {
      model = try ONNX.Model(bytes[...], maximumTensors: maximumTensors)
    } catch {
      throw failure("not a protocol buffer of a model")
    }
    guard model.irVersion > 0, let graph = model.graph else {
      throw failure("it has no version or no graph")
    }
    guard graph.initializer.count <= maximumTensors else {
      throw failure("it has more than \(maximumTensors) initialisers")
    }
    var file = TensorList(tensors: [])
    var names: Set<String> = []
    for message in graph.initializer {
      // Texts are no weights.
      guard message.dataType != ONNX.Tensor.DataType.string.rawValue else { continue }
      let subject = "initialiser \(quoted(message.name))"
      guard names.insert(message.name).inserted else { throw failure("\(subject) is there twice") }
      do throws(ONNXTensorError) {
        file.tensors.append(try ONNXTensor.tensor(message))
      } catch {
        throw failure("\(subject): \(error.problem)")
      }
    }
    for entry in model.metadataProps {
      guard file.metadata.updateValue(entry.value, forKey: entry.key) == nil else {
        throw failure("its metadata has \(quoted(entry.key)) twice")
      }
    }
    return file
  }

  private static func failure(_ problem: String) -> TensorFileError {
    TensorFileError(format: "onnx", problem: problem)
  }
}
