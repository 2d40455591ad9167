import RSONetworks
import RSOTensorFiles

extension TrainedNetwork {
  func stateDictionary() throws -> StateDictionary {
    StateDictionary(try StageGraph(architecture).layout)
  }

  /// The `state_dict`, with everything else as metadata; `format` says `pt`, as PyTorch's users expect.
  func safetensors() throws -> [UInt8] {
    var metadata = try metadata()
    metadata[MetadataKey.format] = "pt"
    return try SafetensorsWriter.encode(
      TensorFile(tensors: try stateDictionary().tensors(of: self), metadata: metadata))
  }

  /// The `state_dict`; the constants of the normalisation are arrays, the rest are texts.
  func npz() throws -> [UInt8] {
    var file = TensorFile(
      tensors: try stateDictionary().tensors(of: self), metadata: try metadata())
    NetworkImport.add(normalization, to: &file)
    return try NPZWriter.encode(file)
  }
}
