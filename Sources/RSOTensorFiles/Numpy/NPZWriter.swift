/// Writes npz: one array per tensor, and one scalar text per entry of the metadata. `numpy.load` reads
/// it without `allow_pickle`.
///
/// *Reproducibility:* equal content gives equal bytes.
package enum NPZWriter {
  /// Tells if numpy has this type.
  package static func holds(_ type: TensorElementType) -> Bool { NPYArray.kind(of: type) != nil }

  /// Returns the bytes of a file.
  ///
  /// - Parameter texts: Arrays of texts with their names, after the tensors.
  ///
  /// *Throws:* `TensorFileError` for element types that numpy does not have, and for more than 4 GiB.
  package static func encode(
    _ file: TensorList, texts: [(name: String, values: [String])] = []
  ) throws(TensorFileError) -> [UInt8] {
    var members: [ZIPArchive.Member] = []
    for tensor in file.tensors {
      guard let kind = NPYArray.kind(of: tensor.elementType) else {
        throw TensorFileError(
          format: "npz", problem: "numpy has no type \(tensor.elementType.rawValue)")
      }
      let order = tensor.elementType.size == 1 ? "|" : "<"
      members.append(
        member(tensor.name, type: order + kind, shape: tensor.shape, bytes: tensor.bytes))
    }
    for (name, values) in texts {
      members.append(member(name, texts: values, shape: [values.count]))
    }
    for (name, text) in file.metadata.sorted(by: { $0.key < $1.key }) {
      members.append(member(name, texts: [text], shape: []))
    }
    do throws(ZIPError) {
      return try ZIPWriter.encode(members)
    } catch {
      throw TensorFileError(format: "npz", problem: error.problem)
    }
  }

  /// An array of texts, each of the length of the longest.
  private static func member(
    _ name: String, texts: [String], shape: [Int]
  ) -> ZIPArchive.Member {
    let scalars = texts.map { $0.unicodeScalars.map(\.value) }
    // Numpy has no text of length 0; it ignores NULs at the end.
    let length = max(1, scalars.map(\.count).max() ?? 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(texts.count * length * 4)
    for text in scalars {
      for index in 0..<length { bytes += littleEndian(index < text.count ? text[index] : 0) }
    }
    return member(name, type: "<U\(length)", shape: shape, bytes: bytes[...])
  }

  private static func member(
    _ name: String, type: String, shape: [Int], bytes: ArraySlice<UInt8>
  ) -> ZIPArchive.Member {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let literal = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    let before = NPYArray.magic.count + 4
    // Spaces and a newline, so that the elements begin at a multiple of 64 bytes.
    let padding = 63 - (before + literal.utf8.count) % 64
    let header = Array((literal + String(repeating: " ", count: padding) + "\n").utf8)
    let content = NPYArray.magic + [1, 0] + littleEndian(UInt16(header.count)) + header + bytes
    return ZIPArchive.Member(name: name + ".npy", bytes: content[...])
  }
}
