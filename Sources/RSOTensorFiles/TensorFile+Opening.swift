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
    case .npy: return try NumpyFile(path, isArchive: false).tensorFile()
    case .npz, .pytorch: return try archive(file, format)
    case .onnx, .hdf5: return nil
    }
  }

  /// A zip archive is PyTorch's if it has its pickle; otherwise it must have numpy's arrays.
  private static func archive(
    _ file: borrowing InputFile, _ format: TensorFileFormat
  ) throws(TensorFileError) -> TensorFile {
    let members: [ZIPMember]
    do throws(ZIPError) { members = try ZIPMember.all(in: file) } catch {
      throw TensorFileError(format: format.title, problem: error.problem)
    }
    return format == .pytorch || TorchFile.isTorch(members)
      ? try TorchFile.open(file.path, members)
      : try NumpyFile(file.path, isArchive: true).tensorFile()
  }
}
