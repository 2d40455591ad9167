import RSOCheckpoints
import RSOTensorFiles
import TensorAnalysis

extension FoundFile {
  /// The entries of a file that is not a checkpoint; of a checkpoint the numbers of its network, named as in
  /// its exports.
  package func tensorFile() throws -> TensorFile {
    switch self {
    case .tensors(let file): return file
    case .hdf5(let bytes, let path):
      return TensorFile(try FoundTensors.hdf5(bytes, path: path), path: path)
    case .checkpoint(let found):
      var list = try WeightsFile.tensors(of: found.stored.checkpoint)
      list.tensors.removeAll { Self.isDescription($0.name) }
      return TensorFile(list, path: found.path, format: .hdf5)
    }
  }

  /// The entries to compare with those of another file. Beside a checkpoint, an export of rso has no entries
  /// that describe the network; they are no numbers of it.
  package func tensorFile(comparedWith other: FoundFile) throws -> TensorFile {
    var file = try tensorFile()
    guard case .checkpoint = other else { return file }
    let isExport =
      file.metadata["generator"]?.hasPrefix("rso ") ?? false
      || file.entries.contains { $0.name.hasPrefix("state_dict/") }
    if isExport {
      file.entries.removeAll { $0.type == .text || Self.isDescription($0.name) }
    }
    return file
  }

  /// True for what exports hold beside the network's numbers: its architecture and normalisation, and the
  /// constants of ONNX nodes.
  private static func isDescription(_ name: String) -> Bool {
    ["architecture", "axes"].contains(name)
      || ["normalization_", "normalization/", "pads_"].contains { name.hasPrefix($0) }
  }
}

extension TensorFile {
  /// The arrays of an HDF5 file.
  fileprivate init(_ found: FoundTensors, path: String) {
    let types: [String: TensorElementType] = ["float16": .float16, "float32": .float32]
    self.init(
      path: path, format: .hdf5,
      entries: found.tensors.map { tensor in
        let type = types[tensor.elementType] ?? .float64
        let bytes =
          switch type {
          case .float16: littleEndianBytes(tensor.values.lazy.map { Float16($0).bitPattern })
          case .float32: littleEndianBytes(tensor.values.lazy.map { Float($0).bitPattern })
          default: littleEndianBytes(tensor.values.lazy.map(\.bitPattern))
          }
        return TensorEntry(
          name: tensor.name, type: .number(type), shape: tensor.shape,
          content: .stored(TensorStorage(memory: bytes[...])))
      }
        + found.others.map {
          TensorEntry(
            name: $0, type: .other("unknown"), shape: [],
            unreadable: "it is no array of floating-point numbers, or it cannot be read")
        })
  }
}
