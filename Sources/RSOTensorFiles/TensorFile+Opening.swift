import RSOSystem

extension TensorFile {
  /// Opens a file and reads the descriptions of its tensors.
  ///
  /// - Parameter format: Nil to find it by the file's first bytes.
  /// - Returns: Nil for a file of another format, and for a checkpoint of rso.
  ///
  /// *Throws:* `TensorFileError` for a damaged file; `FileReadError`.
  package static func open(_ path: String, format: TensorFileFormat? = nil) throws -> TensorFile? {
    let file = try InputFile(path)
    let start = try file.bytes(TensorFileFormat.startSize, at: 0)
    guard !start.starts(with: "rso checkpoint ".utf8),
      let format = try format ?? TensorFileFormat(of: start)
        ?? (HDF5Tensors.recognizes(file) ? .hdf5 : nil)
    else { return nil }
    switch format {
    case .safetensors: return try SafetensorsReader.open(file)
    case .npz, .keras:
      if let members = try? ZIPMember.all(in: file), KerasArchive.isKeras(members) {
        return try KerasArchive.open(path, members)
      }
      return try NumpyFile(path, isArchive: true).tensorFile()
    case .npy: return try NumpyFile(path, isArchive: false).tensorFile()
    case .hdf5: return try HDF5Tensors.open(file)
    case .onnx: return try ONNXReader.open(path)
    }
  }
}
