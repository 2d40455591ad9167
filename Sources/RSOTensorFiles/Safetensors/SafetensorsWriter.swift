import FoundationEssentials

/// Writes safetensors; see `SafetensorsReader` for the format.
///
/// *Reproducibility:* equal content gives equal bytes: tensors keep their order, texts are sorted by
/// name.
package enum SafetensorsWriter {
  /// Tells if the format has this type.
  package static func holds(_ type: TensorElementType) -> Bool {
    SafetensorsHeader.name(of: type) != nil
  }

  /// Returns the bytes of a file.
  ///
  /// *Throws:* `TensorFileError` for element types that the format does not have.
  package static func encode(_ file: TensorList) throws -> [UInt8] {
    var members: [String] = []
    if !file.metadata.isEmpty {
      let texts = try file.metadata.sorted { $0.key < $1.key }.map { name, text in
        "\(try string(name)):\(try string(text))"
      }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in file.tensors {
      guard let type = SafetensorsHeader.name(of: tensor.elementType) else {
        throw TensorFileError(
          format: "safetensors", problem: "it has no type \(tensor.elementType.rawValue)")
      }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.bytes.count
      members.append(
        """
        \(try string(tensor.name)):{"dtype":"\(type)",\
        "shape":[\(shape)],"data_offsets":[\(offset),\(end)]}
        """)
      offset = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    // Spaces, so that the tensors begin at a multiple of 8 bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes = littleEndian(UInt64(header.count)) + header
    bytes.reserveCapacity(bytes.count + offset)
    for tensor in file.tensors { bytes += tensor.bytes }
    return bytes
  }

  private static func string(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }
}
