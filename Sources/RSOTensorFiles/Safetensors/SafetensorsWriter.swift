import FoundationEssentials
import RSOSystem

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
  package static func encode(_ list: TensorList) throws -> [UInt8] {
    try collectedBytes { sink in
      try write(TensorFile(list, path: "", format: .safetensors), to: sink)
    }
  }

  /// Writes the tensors of another file; their elements are read one part after the other.
  ///
  /// *Throws:* `TensorFileError`, also for entries that are no numbers of the format's types; errors of the
  /// sink.
  package static func write(_ file: TensorFile, to sink: ByteSink) throws {
    let header = try header(file)
    try (littleEndian(UInt64(header.count)) + header).write(to: sink)
    for entry in file.entries { try file.copyElements(of: entry, to: sink) }
  }

  private static func header(_ file: TensorFile) throws -> [UInt8] {
    var members: [String] = []
    if !file.metadata.isEmpty {
      let texts = try file.metadata.sorted { $0.key < $1.key }.map { name, text in
        "\(try string(name)):\(try string(text))"
      }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for entry in file.entries {
      guard let type = entry.type.element.flatMap(SafetensorsHeader.name),
        let size = entry.byteCount
      else {
        throw TensorFileError(
          format: "safetensors", problem: "it has no type \(entry.type.name)")
      }
      let shape = entry.shape.map(String.init).joined(separator: ",")
      members.append(
        """
        \(try string(entry.name)):{"dtype":"\(type)",\
        "shape":[\(shape)],"data_offsets":[\(offset),\(offset + size)]}
        """)
      offset += size
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    // Spaces, so that the tensors begin at a multiple of 8 bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    return header
  }

  private static func string(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }
}
