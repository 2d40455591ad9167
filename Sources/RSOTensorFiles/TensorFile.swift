import RSOSystem

/// A file of tensors on disk, or a set of files that are one model. Only descriptions are read when it is
/// opened; elements are read when they are asked for, one part after the other.
///
/// Files are read with `pread`, not mapped: a mapped file that another program shortens ends the process
/// by a signal, and a read gives an error.
///
/// *Memory:* the descriptions, about 200 bytes for each entry. Elements take the caller's buffer.
package struct TensorFile: Sendable, Hashable {
  /// The path that was opened: a file, or a directory.
  package var path: String
  package var format: TensorFileFormat
  /// All tensors in the order of the file; also those that cannot be read.
  package var entries: [TensorEntry]
  /// Texts by name.
  package var metadata: [String: String]

  package init(
    path: String, format: TensorFileFormat, entries: [TensorEntry],
    metadata: [String: String] = [:]
  ) {
    self.path = path
    self.format = format
    self.entries = entries
    self.metadata = metadata
  }

  /// Tensors in memory as a file's.
  package init(_ list: TensorList, path: String, format: TensorFileFormat) {
    self.init(
      path: path, format: format,
      entries: list.tensors.map { tensor in
        TensorEntry(
          name: tensor.name, type: .number(tensor.elementType), shape: tensor.shape,
          content: .stored(TensorStorage(memory: tensor.bytes)))
      }, metadata: list.metadata)
  }

  package subscript(_ name: String) -> TensorEntry? { entries.first { $0.name == name } }

  /// Returns a reader at the first element of an entry.
  ///
  /// *Throws:* `TensorFileError`, also for an entry that cannot be read.
  package func reader(of entry: TensorEntry) throws(TensorFileError) -> TensorReader {
    try TensorReader(entry, format: format)
  }
}

extension TensorFile {
  /// Gives a sink all elements of an entry, as a `TensorReader` delivers them.
  ///
  /// *Memory:* a buffer of 1 MB, or one element.
  ///
  /// *Throws:* `TensorFileError`; errors of the sink.
  package func copyElements(of entry: TensorEntry, to sink: ByteSink) throws {
    let reader = try reader(of: entry)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while case let count = try reader.read(into: buffer), count > 0 {
      try sink(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// Reads the elements of an entry of texts.
  ///
  /// - Parameter maximumSize: The most bytes of all of them together.
  ///
  /// *Throws:* `TensorFileError`.
  package func texts(of entry: TensorEntry, maximumSize: Int) throws -> [String] {
    var bytes: [UInt8] = []
    try copyElements(of: entry) { part in
      guard bytes.count + part.count <= maximumSize else {
        throw TensorFileError(
          format: format.title,
          problem: "the texts \(quoted(entry.name)) have more than \(maximumSize) bytes")
      }
      bytes.append(contentsOf: part)
    }
    var texts: [String] = []
    var rest = bytes[...]
    while rest.count >= 4 {
      let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      texts.append(String(decoding: rest.dropFirst(4).prefix(count), as: UTF8.self))
      rest = rest.dropFirst(4 + count)
    }
    return texts
  }

  /// Reads entries into memory.
  ///
  /// - Parameters:
  ///   - maximumSize: The most bytes of all of them together.
  ///   - isWanted: False for entries that are left out.
  ///
  /// *Throws:* `TensorFileError`, also for a wanted entry that has no numbers or cannot be read.
  package func list(
    maximumSize: Int, where isWanted: (TensorEntry) -> Bool = { _ in true }
  ) throws(TensorFileError) -> TensorList {
    var list = TensorList(tensors: [], metadata: metadata)
    var rest = maximumSize
    for entry in entries where isWanted(entry) {
      let reader = try reader(of: entry)
      guard let type = entry.type.element, let size = entry.byteCount else {
        throw TensorFileError(
          format: format.title, problem: "tensor \(quoted(entry.name)) is no array of numbers")
      }
      guard size <= rest else {
        throw TensorFileError(
          format: format.title,
          problem: "its tensors have more than \(maximumSize) bytes, which are not read at once")
      }
      rest -= size
      list.tensors.append(
        NamedTensor(
          name: entry.name, elementType: type, shape: entry.shape,
          bytes: try reader.bytes(atMost: size)[...]))
    }
    return list
  }
}
