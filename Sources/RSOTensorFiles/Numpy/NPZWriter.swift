import RSOSystem

/// Writes npz: one array per tensor, and one scalar text per entry of the metadata. `numpy.load` reads
/// it without `allow_pickle`.
///
/// *Reproducibility:* equal content gives equal bytes.
package enum NPZWriter {
  /// An array of texts, row-major.
  package typealias Texts = (name: String, shape: [Int], values: [String])

  /// Tells if numpy has this type.
  package static func holds(_ type: TensorElementType) -> Bool { NPYArray.kind(of: type) != nil }

  /// Returns the bytes of a file.
  ///
  /// - Parameter texts: Arrays of texts, after the tensors.
  ///
  /// *Throws:* `TensorFileError` for element types that numpy does not have.
  package static func encode(_ list: TensorList, texts: [Texts] = []) throws -> [UInt8] {
    try collectedBytes { sink in
      try write(TensorFile(list, path: "", format: .npz), texts: texts, to: sink)
    }
  }

  /// Writes the tensors of another file; their elements are read one part after the other, twice.
  ///
  /// *Throws:* `TensorFileError`, also for entries that are no numbers of numpy's types; errors of the
  /// sink.
  package static func write(
    _ file: TensorFile, texts: [Texts] = [], to sink: ByteSink
  ) throws {
    var members = try file.entries.map { try member($0, of: file) }
    members += texts.map(member)
    for (name, text) in file.metadata.sorted(by: { $0.key < $1.key }) {
      members.append(member((name, [], [text])))
    }
    do {
      try ZIPWriter.write(members, to: sink)
    } catch let error as ZIPError {
      throw TensorFileError(format: "npz", problem: error.problem)
    }
  }

  private static func member(
    _ entry: TensorEntry, of file: TensorFile
  ) throws(TensorFileError) -> ZIPWriter.Member {
    guard let type = entry.type.element, let kind = NPYArray.kind(of: type),
      let size = entry.byteCount
    else {
      throw TensorFileError(format: "npz", problem: "numpy has no type \(entry.type.name)")
    }
    let header = header(type: (type.size == 1 ? "|" : "<") + kind, shape: entry.shape)
    return ZIPWriter.Member(name: entry.name + ".npy", size: header.count + size) { sink in
      try header.write(to: sink)
      try file.copyElements(of: entry, to: sink)
    }
  }

  /// An array of texts, each of the length of the longest.
  private static func member(_ texts: Texts) -> ZIPWriter.Member {
    let scalars = texts.values.map { $0.unicodeScalars.map(\.value) }
    // Numpy has no text of length 0; it ignores NULs at the end.
    let length = max(1, scalars.map(\.count).max() ?? 1)
    let header = header(type: "<U\(length)", shape: texts.shape)
    let size = header.count + texts.values.count * length * 4
    return ZIPWriter.Member(name: texts.name + ".npy", size: size) { sink in
      try header.write(to: sink)
      for text in scalars {
        let padding = repeatElement(0 as UInt32, count: length - text.count)
        try littleEndianBytes(text + padding).write(to: sink)
      }
    }
  }

  private static func header(type: String, shape: [Int]) -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let literal = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    let before = NPYArray.magic.count + 4
    // Spaces and a newline, so that the elements begin at a multiple of 64 bytes.
    let padding = 63 - (before + literal.utf8.count) % 64
    let header = Array((literal + String(repeating: " ", count: padding) + "\n").utf8)
    return NPYArray.magic + [1, 0] + littleEndian(UInt16(header.count)) + header
  }
}
