import RSONetworks
import RSOTensorFiles

extension TrainedNetwork {
  func stateDictionary() throws -> StateDictionary {
    StateDictionary(try architecture.layout())
  }

  /// Returns the tensors of a file: those of the `state_dict`, with integer weights in their form.
  func storedTensors(_ dictionary: StateDictionary) -> [NamedTensor] {
    let forms = dictionary.integerWeights(integerWeights)
    return dictionary.entries.flatMap { entry in
      let values = dictionary.values(of: entry, in: self)
      return forms[entry.name]?.tensors(entry.name, shape: entry.shape, values)
        ?? [NamedTensor(name: entry.name, shape: entry.shape, values: values)]
    }
  }

  /// Returns a safetensors file of the tensors, with everything else as metadata. `format` is `pt`,
  /// which PyTorch's tools expect.
  func safetensors() throws -> [UInt8] {
    var metadata = try metadata()
    metadata[MetadataKey.format] = "pt"
    return try SafetensorsWriter.encode(
      TensorList(tensors: storedTensors(try stateDictionary()), metadata: metadata))
  }

  /// Returns an npz file of the tensors, with the normalisation as arrays and the rest as texts.
  func npz() throws -> [UInt8] {
    var file = TensorList(
      tensors: storedTensors(try stateDictionary()), metadata: try metadata())
    NetworkImport.add(normalization, to: &file)
    return try NPZWriter.encode(file)
  }
}
