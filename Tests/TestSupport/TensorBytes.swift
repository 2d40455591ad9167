package import RSOTensorFiles

extension TensorList {
  /// Reads all numbers in the bytes of an npz file.
  package init(npz bytes: some Sequence<UInt8>, maximumSize: Int = 1 << 31) throws {
    try self.init(reading: bytes, as: .npz, maximumSize: maximumSize)
  }

  /// Reads all numbers in the bytes of a safetensors file.
  package init(safetensors bytes: some Sequence<UInt8>) throws {
    try self.init(reading: bytes, as: .safetensors, maximumSize: 1 << 31)
  }

  /// Reads all numbers in the bytes of an ONNX file.
  package init(onnx bytes: some Sequence<UInt8>) throws {
    try self.init(reading: bytes, as: .onnx, maximumSize: 1 << 31)
  }

  /// *Throws:* Also for a tensor that cannot be read.
  private init(
    reading bytes: some Sequence<UInt8>, as format: TensorFileFormat, maximumSize: Int
  ) throws {
    let memory = try MemoryFile(bytes)
    guard let file = try TensorFile.open(memory.path, format: format) else {
      throw TensorFileError(format: format.title, problem: "not a file of tensors")
    }
    self = try file.list(maximumSize: maximumSize) { $0.type != .text || $0.problem != nil }
    withExtendedLifetime(memory) {}
  }
}
