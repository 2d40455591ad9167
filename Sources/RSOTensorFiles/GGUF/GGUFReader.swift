import RSOSystem

/// Reads GGUF, versions 2 and 3: metadata, the descriptions of tensors, and their bytes, each at a multiple of
/// an alignment.
///
/// Quantised tensors are described; their bytes are delivered as they are.
///
/// *Source:* `docs/gguf.md` of ggml.
enum GGUFReader {
  static let magic = Array("GGUF".utf8)

  private static let longestName = 1 << 16
  private static let mostTensors = 1 << 18
  private static let mostValues = 1 << 16
  private static let maximumRank = 16

  /// A tensor's description: its place is counted from the end of all descriptions.
  private struct Item {
    var name: String
    var shape: [Int]
    var type: Int
    var offset: Int
  }

  /// Reads the descriptions of a file's tensors.
  ///
  /// *Throws:* `TensorFileError`, also if tensors overlap, or end after the file.
  static func open(_ path: String) throws(TensorFileError) -> TensorFile {
    do throws(GGUFError) { return try read(path) } catch {
      throw TensorFileError(format: TensorFileFormat.gguf.title, problem: error.problem)
    }
  }

  private static func read(_ path: String) throws(GGUFError) -> TensorFile {
    var scanner = try GGUFScanner(path)
    guard try Array(scanner.bytes(4)) == magic else {
      throw GGUFError(problem: "it does not begin with 'GGUF'")
    }
    var version = try scanner.number()
    // A version in the upper half is a small one in the other byte order.
    if version > 0xFFFF {
      version = Int(UInt32(truncatingIfNeeded: version).byteSwapped)
      scanner.isBigEndian = true
    }
    guard (2...3).contains(version) else {
      throw GGUFError(problem: "its version is \(version); versions 2 and 3 are read")
    }
    let count = try scanner.count("tensors")
    let values = try scanner.count("values")
    guard count <= mostTensors, values <= mostValues else {
      throw GGUFError(
        problem: "it has \(count) tensors and \(values) values, more than are read")
    }
    let metadata = try GGUFMetadata(&scanner, count: values)
    var items: [Item] = []
    for _ in 0..<count { items.append(try item(&scanner)) }
    let start =
      (scanner.position + metadata.alignment - 1) / metadata.alignment
      * metadata.alignment
    let entries = try entries(
      items, path: path, start: start, size: scanner.size, isBigEndian: scanner.isBigEndian)
    return TensorFile(path: path, format: .gguf, entries: entries, metadata: metadata.texts)
  }

  private static func item(_ scanner: inout GGUFScanner) throws(GGUFError) -> Item {
    let name = try scanner.text("the name of a tensor", limit: longestName)
    let rank = try scanner.number()
    guard rank <= maximumRank else {
      throw GGUFError(
        problem: "tensor \(quoted(name)) has \(rank) dimensions, more than \(maximumRank)")
    }
    var shape: [Int] = []
    for _ in 0..<rank { shape.append(try scanner.count("elements along a dimension")) }
    let type = try scanner.number()
    // The first dimension varies fastest in a file.
    return Item(
      name: name, shape: shape.reversed(), type: type,
      offset: try scanner.count("bytes before a tensor"))
  }

  // MARK: Places

  private static func entries(
    _ items: [Item], path: String, start: Int, size: Int, isBigEndian: Bool
  ) throws(GGUFError) -> [TensorEntry] {
    var names: Set<String> = []
    var ranges: [(range: Range<Int>, name: String)] = []
    var entries: [TensorEntry] = []
    for item in items {
      guard names.insert(item.name).inserted else {
        throw GGUFError(problem: "tensor \(quoted(item.name)) is there twice")
      }
      guard let (type, elements, bytes) = GGUFType.type(item.type) else {
        entries.append(
          TensorEntry(
            name: item.name, type: .other("type \(item.type)"), shape: item.shape,
            unreadable: "it is of type \(item.type), which is not known"))
        continue
      }
      let subject = "tensor \(quoted(item.name))"
      guard let count = byteCount(item.shape, elements: elements, bytes: bytes) else {
        throw GGUFError(
          problem: "\(subject) of type \(type.name) cannot have the shape \(item.shape)")
      }
      guard start <= size, item.offset <= size - start, count <= size - start - item.offset else {
        throw GGUFError(
          problem: "\(subject) of \(count) bytes ends after the file, which has \(size) bytes; "
            + "its end may be missing")
      }
      let first = start + item.offset
      if count > 0 { ranges.append((first..<first + count, item.name)) }
      var storage = TensorStorage(.file(path: path, offset: first), size: count)
      storage.isBigEndian = isBigEndian && type.element != nil
      entries.append(
        TensorEntry(name: item.name, type: type, shape: item.shape, content: .stored(storage)))
    }
    ranges.sort { $0.range.lowerBound < $1.range.lowerBound }
    for (one, next) in zip(ranges, ranges.dropFirst())
    where one.range.upperBound > next.range.lowerBound {
      throw GGUFError(problem: "tensors \(quoted(one.name)) and \(quoted(next.name)) overlap")
    }
    return entries
  }

  /// The bytes of all elements; nil where rows are not made of whole blocks, and for more than an `Int`.
  private static func byteCount(_ shape: [Int], elements: Int, bytes: Int) -> Int? {
    guard let count = elementCount(shape), (shape.last ?? 1).isMultiple(of: elements) else {
      return nil
    }
    let (size, overflow) = (count / elements).multipliedReportingOverflow(by: bytes)
    return overflow ? nil : size
  }
}
