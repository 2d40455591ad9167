import RSOSystem

/// Keras's archives (`.keras`): a zip archive with the weights as an HDF5 file. The entries are the datasets of
/// that file.
///
/// *Source:* https://keras.io/guides/serialization_and_saving, "the .keras format".
enum KerasArchive {
  private static let weights = "model.weights.h5"
  private static let configuration = "config.json"

  /// Tells if an archive has Keras's members.
  static func isKeras(_ members: [ZIPMember]) -> Bool {
    members.contains { $0.name == weights } && members.contains { $0.name == configuration }
  }

  /// Reads the descriptions of all datasets. Weights that are stored are read where they are; those that
  /// are compressed are unpacked to a private temporary file first, which is gone when the process ends.
  ///
  /// *Throws:* `TensorFileError`.
  static func open(_ path: String, _ members: [ZIPMember]) throws(TensorFileError) -> TensorFile {
    let format = TensorFileFormat.keras
    guard let member = members.first(where: { $0.name == weights }) else {
      throw TensorFileError(format: format.title, problem: "it has no \(quoted(weights))")
    }
    var file: TensorFile
    do {
      let isPlain = member.entry.method == ZIPArchive.stored
      if isPlain {
        try ZIPReader.checkSizes(of: member.entry)
        file = try HDF5Tensors.open(try InputFile(path), part: member.content)
      } else {
        file = try HDF5Tensors.open(try InputFile(try unpacked(member)), isAlone: true)
      }
    } catch let error as TensorFileError {
      throw TensorFileError(format: format.title, problem: "\(quoted(weights)): \(error.problem)")
    } catch let error as ZIPError {
      throw TensorFileError(format: format.title, problem: error.problem)
    } catch {
      throw TensorFileError(format: format.title, problem: "\(error)")
    }
    (file.path, file.format) = (path, format)
    return file
  }

  /// The reason why a member is damaged; nil if none is.
  static func checksumProblem(_ file: borrowing InputFile) -> String? {
    do throws(ZIPError) {
      for member in try ZIPMember.all(in: file) {
        var reader = try ZIPMemberReader(member.entry, member.content)
        try readToEnd(&reader, of: file)
      }
      return nil
    } catch { return error.problem }
  }

  private static func readToEnd(
    _ reader: inout ZIPMemberReader, of file: borrowing InputFile
  ) throws(ZIPError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while try reader.read(into: buffer, from: file) == buffer.count {}
  }

  /// Unpacks the weights, whose checksum is compared.
  private static func unpacked(_ member: ZIPMember) throws -> String {
    let stream = try stream(of: member)
    do {
      return try UnnamedFile.make(size: member.entry.size) { try stream.read(into: $0) }
    } catch let error as TensorStreamError {
      throw ZIPError(problem: error.problem)
    }
  }

  private static func stream(of member: ZIPMember) throws(ZIPError) -> MemberStream {
    do throws(TensorStreamError) { return try MemberStream(member, skipped: 0) } catch {
      throw ZIPError(problem: error.problem)
    }
  }
}
