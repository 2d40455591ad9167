internal import FoundationEssentials
import RSOSystem
import RSOTensorFiles
internal import SwiftProtobuf

/// Reads the initialisers of an ONNX model, which are its weights, and its metadata. The graph is
/// ignored.
package enum ONNXReader {
  private static let maximumTensors = 100_000

  /// Reads the bytes of a file.
  package static func decode(_ bytes: [UInt8]) throws(TensorFileError) -> TensorFile {
    let model: Onnx_ModelProto
    do {
      var options = BinaryDecodingOptions()
      options.discardUnknownFields = true
      options.messageDepthLimit = 16
      model = try Onnx_ModelProto(serializedBytes: bytes, options: options)
    } catch {
      throw failure("not a protocol buffer of a model")
    }
    guard model.irVersion > 0, model.hasGraph else {
      throw failure("it has no version or no graph")
    }
    guard model.graph.initializer.count <= maximumTensors else {
      throw failure("it has more than \(maximumTensors) initialisers")
    }
    var file = TensorFile(tensors: [])
    var names: Set<String> = []
    for message in model.graph.initializer {
      // Texts are no weights.
      guard message.dataType != Onnx_TensorProto.DataType.string.rawValue else { continue }
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
