import RSOSystem

extension TensorFile {
  /// Opens a file and reads the descriptions of its tensors.
  ///
  /// - Parameter format: Nil to find it by the file's first bytes.
  /// - Returns: Nil for a file of another format.
  ///
  /// *Throws:* `TensorFileError` for a damaged file; `FileReadError`.
  package static func open(_ path: String, format: TensorFileFormat? = nil) throws -> TensorFile? {
    let file = try InputFile(path)
    let start = try file.bytes(TensorFileFormat.startSize, at: 0)
    guard let format = format ?? TensorFileFormat(of: start) else { return nil }
    switch format {
    case .safetensors: return try SafetensorsReader.open(file)
    case .npz, .npy: return try NumpyFile(path, isArchive: format == .npz).tensorFile()
    case .onnx, .hdf5: return nil
    }
  }
}
