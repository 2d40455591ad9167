import RSOSystem

extension TensorFile {
  /// Opens a file and reads the descriptions of its tensors. The index of a set of files, and a directory
  /// with a model, give the tensors of all its files.
  ///
  /// - Parameter format: Nil to find it by the content.
  /// - Returns: Nil for a file of another format, for a directory without a model, and for a checkpoint of rso.
  ///
  /// *Throws:* `TensorFileError` for a damaged file, and for one that is known to be something else;
  /// `FileReadError`, `SystemError`.
  package static func open(_ path: String, format: TensorFileFormat? = nil) throws -> TensorFile? {
    if format == nil, FileSystem.isDirectory(path) { return try ModelDirectory.open(path) }
    let file = try InputFile(path)
    if let format { return try open(file, format) }
    let start = try file.bytes(ForeignFile.startSize, at: 0)
    if let index = try index(file, start) { return ShardSet.open(index, at: path) }
    return try recognized(file, start)
  }

  /// Opens one file of a set.
  static func openShard(_ path: String) throws -> TensorFile? {
    let file = try InputFile(path)
    return try recognized(file, try file.bytes(ForeignFile.startSize, at: 0))
  }

  private static func recognized(
    _ file: borrowing InputFile, _ start: [UInt8]
  ) throws -> TensorFile? {
    if start.starts(with: "rso checkpoint ".utf8) { return nil }
    // A mark of several bytes goes before what a single byte suggests.
    let format = TensorFileFormat(of: start)
    if let format, format.isCertain(of: start) {
      if format == .npz { try checkArchive(file, start) }
      return try open(file, format)
    }
    if try HDF5Tensors.recognizes(file) { return try open(file, .hdf5) }
    if let text = ForeignFile.description(start, of: file) { throw TensorFileError(foreign: text) }
    if let format { return try open(file, format) }
    if let text = ForeignFile.text(start) { throw TensorFileError(foreign: text) }
    return nil
  }

  private static func open(
    _ file: borrowing InputFile, _ format: TensorFileFormat
  ) throws -> TensorFile? {
    switch format {
    case .safetensors: try SafetensorsReader.open(file)
    case .npy: try NumpyFile(file.path, isArchive: false).tensorFile()
    case .npz, .pytorch, .keras: try archive(file, format)
    case .gguf: try GGUFReader.open(file.path)
    case .hdf5: try HDF5Tensors.open(file)
    case .onnx: try ONNXReader.open(file.path)
    }
  }

  /// The index of a set of files; nil for another file.
  private static func index(_ file: borrowing InputFile, _ start: [UInt8]) throws -> ShardIndex? {
    guard start.first(where: { ![9, 10, 13, 32].contains($0) }) == UInt8(ascii: "{"),
      ForeignFile.text(start) != nil, file.size <= ShardIndex.largest
    else { return nil }
    return try ShardIndex(try file.bytes(file.size, at: 0))
  }

  /// A zip archive is Keras's if it has its members, PyTorch's if it has its pickle, and otherwise numpy's.
  private static func archive(
    _ file: borrowing InputFile, _ format: TensorFileFormat
  ) throws(TensorFileError) -> TensorFile {
    let members: [ZIPMember]
    do throws(ZIPError) { members = try ZIPMember.all(in: file) } catch {
      throw TensorFileError(format: format.title, problem: error.problem)
    }
    if KerasArchive.isKeras(members) { return try KerasArchive.open(file.path, members) }
    return format == .pytorch || TorchFile.isTorch(members)
      ? try TorchFile.open(file.path, members)
      : try NumpyFile(file.path, isArchive: true).tensorFile()
  }

  /// Refuses an archive with none of them.
  private static func checkArchive(
    _ file: borrowing InputFile, _ start: [UInt8]
  ) throws(TensorFileError) {
    let members: [ZIPMember]
    do throws(ZIPError) { members = try ZIPMember.all(in: file) } catch {
      // The first member stands at the start, with its name.
      let isTorch = start.firstRange(of: "/data.pkl".utf8) != nil
      let isNumpy = start.firstRange(of: ".npy".utf8) != nil
      throw TensorFileError(
        format: isTorch ? "PyTorch" : isNumpy ? "npz" : "zip",
        problem: error.problem + (error.isCut ? "; its end may be missing" : ""))
    }
    guard !TorchFile.isTorch(members), !KerasArchive.isKeras(members),
      !members.contains(where: { $0.name.hasSuffix(".npy") })
    else { return }
    let names = members.prefix(5).map { quoted($0.name) }.joined(separator: ", ")
    throw TensorFileError(
      foreign: "a zip archive without arrays of numpy or PyTorch; it has "
        + (members.isEmpty ? "no files" : names + (members.count > 5 ? ", ..." : ""))
        + "; unpack it and name a file in it")
  }
}
