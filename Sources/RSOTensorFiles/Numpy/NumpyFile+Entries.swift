import RSOSystem

extension NumpyFile {
  /// Texts of up to so many bytes are also metadata.
  private static let largestMetadata = 1 << 20

  /// The arrays as entries. A member that is no array is an entry as well. A scalar text is also metadata.
  func tensorFile() -> TensorFile {
    let format: TensorFileFormat = format == "npz" ? .npz : .npy
    var file = TensorFile(path: path, format: format, entries: items.map(entry))
    file.entries += otherMembers.map { name in
      TensorEntry(
        name: name, type: .other("file"), shape: nil,
        unreadable: "it is not an array in numpy's format")
    }
    for (index, entry) in file.entries.enumerated()
    where entry.type == .text && entry.shape.isEmpty {
      guard let size = entry.storage?.size, size <= Self.largestMetadata else { continue }
      do throws(TensorFileError) {
        let bytes = try file.reader(of: entry).bytes(atMost: size + 4)
        file.metadata[entry.name] = String(decoding: bytes.dropFirst(4), as: UTF8.self)
      } catch {
        file.entries[index].content = .unreadable(error.problem)
      }
    }
    return file
  }

  private func entry(_ item: Item) -> TensorEntry {
    switch item.array {
    case .success(let array):
      var storage = TensorStorage(place(item), size: array.byteCount)
      storage.isBigEndian = array.isBigEndian
      if array.isColumnMajor { storage.strides = Self.columnMajor(array.shape) }
      let type: TensorType
      switch array.element {
      case .number(let number): type = .number(number)
      case .characters(let count): (type, storage.text) = (.text, .characters(count: count))
      case .bytes(let count): (type, storage.text) = (.text, .bytes(count: count))
      }
      return TensorEntry(
        name: item.name, type: type, shape: array.shape, content: .stored(storage))
    case .failure(let error):
      return TensorEntry(
        name: item.name, type: .other(item.header.map(Self.typeName) ?? "unknown"),
        shape: item.header?.shape, unreadable: error.problem)
    }
  }
}

extension NumpyFile {
  private func place(_ item: Item) -> TensorStorage.Place {
    switch item.place {
    case .member(let entry, let content, let header):
      .member(ZIPMember(path: path, entry: entry, content: content), skipped: header)
    case .file(let header): .file(path: path, offset: header)
    case nil: .memory([])
    }
  }

  private static func columnMajor(_ shape: [Int]) -> [Int] {
    var stride = 1
    return shape.map { extent in
      // An empty array may have any extents.
      defer { stride = stride.multipliedReportingOverflow(by: extent).partialValue }
      return stride
    }
  }

  /// The name of a type that is not read: `object`, `records`, or numpy's code.
  private static func typeName(_ header: NPYHeader) -> String {
    let code = header.description
    if code.hasPrefix("[") { return "records" }
    return code.dropFirst().hasPrefix("O") ? "object" : code
  }
}
