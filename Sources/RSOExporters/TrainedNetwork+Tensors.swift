import RSONetworks
import RSOTensorFiles

extension TrainedNetwork {
  func stateDictionary() throws -> StateDictionary {
    StateDictionary(try StageGraph(architecture).layout)
  }

  /// Returns a safetensors file of the `state_dict`, with everything else as metadata. `format` is `pt`,
  /// which PyTorch's tools expect.
  func safetensors() throws -> [UInt8] {
    var metadata = try metadata()
    metadata[MetadataKey.format] = "pt"
    return try SafetensorsWriter.encode(
      TensorList(tensors: try stateDictionary().tensors(of: self), metadata: metadata))
  }

  /// Returns an npz file of the `state_dict`, with the normalisation as arrays and the rest as texts.
  func npz() throws -> [UInt8] {
    var file = TensorList(
      tensors: try stateDictionary().tensors(of: self), metadata: try metadata())
    NetworkImport.add(normalization, to: &file)
    return try NPZWriter.encode(file)
  }
}
