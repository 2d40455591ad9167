/// The encoding in which one process sends the contents of a file to another. It may change with
/// every version. The decoder trusts no byte.
///
/// A text is its length (4 bytes) and its UTF-8. A list is its length (4 bytes) and its elements. Other
/// numbers take 8 bytes. All numbers are little-endian.
extension HDF5Contents {
  /// The first bytes. The number in them is that of the encoding; change it with the encoding.
  private static let magic = Array("rso contents 1\n".utf8)

  /// Encodes the contents of a file, or the error of their extraction.
  ///
  /// - Parameter result: The result or error of `extract`.
  package static func encode(_ result: Result<Group, HDF5Error>) -> [UInt8] {
    var writer = Writer(bytes: magic)
    switch result {
    case .success(let group):
      writer.add(byte: 0)
      writer.add(group)
    case .failure(.unsuitable(let object, let problem)):
      writer.add(byte: 1)
      writer.add(text: object)
      writer.add(text: problem)
    case .failure(let error):
      writer.add(byte: 1)
      writer.add(text: "/")
      writer.add(text: "\(error)")
    }
    return writer.bytes
  }

  /// Decodes the bytes of `encode`; nil for any other bytes.
  package static func decode(_ bytes: [UInt8]) -> Result<Group, HDF5Error>? {
    guard bytes.starts(with: magic) else { return nil }
    var reader = Reader(bytes: bytes, position: magic.count)
    let result: Result<Group, HDF5Error>
    switch reader.byte() {
    case 0:
      guard let group = reader.group(path: "/", depth: 0) else { return nil }
      result = .success(group)
    case 1:
      guard let object = reader.text(), let problem = reader.text() else { return nil }
      result = .failure(.unsuitable(object: object, problem: problem))
    default: return nil
    }
    return reader.position == bytes.count ? result : nil
  }
}
