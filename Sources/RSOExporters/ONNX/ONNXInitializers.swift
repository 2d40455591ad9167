import RSOSystem
import RSOTensorFiles

/// Writes ONNX files without nodes: the tensors of another file are the initialisers of their graph.
enum ONNXInitializers {
  /// The bytes of an initialiser before its numbers, and the size of the numbers in bytes.
  private struct Start {
    let bytes: [UInt8]
    let size: Int
  }

  /// Protocol buffers have no longer messages; the format puts the numbers of a larger model into other files.
  private static let largest = Int(Int32.max)

  /// Writes the tensors; their elements are read one part after the other.
  ///
  /// *Throws:* `TensorFileError`, also for more than 2 GiB; errors of the sink.
  static func write(_ file: TensorFile, texts: [NPZWriter.Texts], to sink: ByteSink) throws {
    var starts: [Start] = []
    for entry in file.entries {
      let tensor = ONNXTensor.description(name: entry.name, entry.type, shape: entry.shape)
      starts.append(start(tensor, size: entry.byteCount ?? 0))
    }
    var strings: [UInt8] = []
    for (name, shape, values) in texts {
      var tensor = ONNXTensor.description(name: name, .text, shape: shape)
      tensor.stringData = values
      strings += start(tensor, size: 0).bytes
    }
    var name = ProtocolBufferWriter()
    name.write("tensors", to: 2)
    let graph = starts.reduce(name.bytes.count + strings.count) { $0 + $1.bytes.count + $1.size }
    var model = ONNX.Model(irVersion: version(file), producerName: "rso")
    var before = ProtocolBufferWriter()
    model.write(to: &before)
    before.writeStart(of: graph, to: 7)
    model = ONNX.Model(
      opsetImport: [ONNX.OperatorSet(version: ONNXWriter.operatorSet)],
      metadataProps: file.metadata.sorted { $0.key < $1.key }.map {
        ONNX.Entry(key: $0.key, value: $0.value)
      })
    var after = ProtocolBufferWriter()
    model.write(to: &after)
    guard before.bytes.count + graph + after.bytes.count <= largest else {
      throw TensorFileError(
        format: "ONNX",
        problem: "one file holds at most 2 GiB; safetensors, npz and HDF5 have no such limit")
    }
    try (before.bytes + name.bytes).write(to: sink)
    for (entry, start) in zip(file.entries, starts) {
      try start.bytes.write(to: sink)
      try file.copyElements(of: entry, to: sink)
    }
    try (strings + after.bytes).write(to: sink)
  }

  /// The field of the graph that has a tensor, up to its numbers.
  private static func start(_ tensor: ONNX.Tensor, size: Int) -> Start {
    var content = ProtocolBufferWriter()
    tensor.writeDescription(to: &content)
    if size > 0 { content.writeStart(of: size, to: 9) }
    var field = ProtocolBufferWriter()
    field.writeStart(of: content.bytes.count + size, to: 5)
    return Start(bytes: field.bytes + content.bytes, size: size)
  }

  /// The first version of the format with all types.
  private static func version(_ file: TensorFile) -> Int64 {
    file.entries.reduce(ONNXWriter.version) { version, entry in
      switch entry.type.element {
      case .float8E8M0: max(version, 12)
      case .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ: max(version, 9)
      default: version
      }
    }
  }
}
