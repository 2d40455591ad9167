/// The encoding of a file's contents for the way between two processes. It may change with every
/// version, and is decoded without trust.
///
/// A text is its length (4 bytes) and its UTF-8. A list is its length (4 bytes) and its elements. Other
/// numbers take 8 bytes. All numbers are little-endian.
extension HDF5Contents {
  /// The first bytes, which differ for a program of another version.
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

  private struct Writer {
    var bytes: [UInt8]

    mutating func add(byte: UInt8) { bytes.append(byte) }

    mutating func add(number: Int) {
      withUnsafeBytes(of: Int64(number).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(count: Int) {
      withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(text: String) {
      add(count: text.utf8.count)
      bytes.append(contentsOf: text.utf8)
    }

    mutating func add(elements: [UInt8]) {
      add(number: elements.count)
      bytes.append(contentsOf: elements)
    }

    mutating func add(_ group: Group) {
      add(count: group.attributes.count)
      for (name, attribute) in group.attributes {
        add(text: name)
        add(attribute)
      }
      add(count: group.members.count)
      for (name, node) in group.members {
        add(text: name)
        add(node)
      }
    }

    mutating func add(_ attribute: Attribute) {
      switch attribute {
      case .number(let type, let bytes):
        add(byte: 0)
        add(text: type.rawValue)
        add(elements: bytes)
      case .text(let text):
        add(byte: 1)
        add(text: text)
      case .unreadable(let problem):
        add(byte: 2)
        add(text: problem)
      }
    }

    mutating func add(_ node: Node) {
      switch node {
      case .group(let group):
        add(byte: 0)
        add(group)
      case .dataset(let dataset):
        add(byte: 1)
        add(dataset)
      case .link(let kind):
        add(byte: 2)
        add(text: kind.rawValue)
      case .unreadable(let problem):
        add(byte: 3)
        add(text: problem)
      }
    }

    mutating func add(_ dataset: Dataset) {
      add(count: dataset.shape.count)
      for extent in dataset.shape { add(number: extent) }
      switch dataset.type {
      case .number(let type):
        add(byte: 0)
        add(text: type.rawValue)
      case .text(let size):
        add(byte: 1)
        add(number: size)
      case .other: add(byte: 2)
      case .real(let size):
        add(byte: 3)
        add(number: size)
      }
      add(count: dataset.attributes.count)
      for name in dataset.attributes { add(text: name) }
      add(byte: dataset.problem == nil ? 0 : 1)
      if let problem = dataset.problem { add(text: problem) }
      add(elements: dataset.bytes)
    }
  }

  /// Decodes the parts; nil at the first byte that `encode` does not write.
  private struct Reader {
    let bytes: [UInt8]
    var position: Int
    private let deepest = 16

    init(bytes: [UInt8], position: Int) {
      self.bytes = bytes
      self.position = position
    }

    mutating func byte() -> UInt8? { take(1)?.first }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard count >= 0, count <= bytes.count - position else { return nil }
      defer { position += count }
      return bytes[position..<position + count]
    }

    private mutating func number() -> Int? {
      take(8).flatMap { bytes in
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
      }
    }

    private mutating func count() -> Int? {
      take(4).map { $0.reversed().reduce(0) { $0 << 8 | Int($1) } }
    }

    mutating func text() -> String? {
      count().flatMap { take($0) }.flatMap { String(validating: $0, as: UTF8.self) }
    }

    private mutating func elements() -> [UInt8]? { number().flatMap { take($0) }.map(Array.init) }

    mutating func group(path: String, depth: Int) -> Group? {
      guard depth < deepest else { return nil }
      var group = Group(path: path, attributes: [:], members: [:])
      guard let attributeCount = count() else { return nil }
      for _ in 0..<attributeCount {
        guard let name = text(), let attribute = attribute() else { return nil }
        group.attributes[name] = attribute
      }
      guard let memberCount = count() else { return nil }
      for _ in 0..<memberCount {
        guard let name = text(), let node = node(path: group.path(of: name), depth: depth + 1)
        else { return nil }
        group.members[name] = node
      }
      return group
    }

    private mutating func attribute() -> Attribute? {
      switch byte() {
      case 0:
        guard let type = text().flatMap(HDF5ElementType.init), let bytes = elements() else {
          return nil
        }
        return .number(type, bytes: bytes)
      case 1: return text().map(Attribute.text)
      case 2: return text().map(Attribute.unreadable)
      default: return nil
      }
    }

    private mutating func node(path: String, depth: Int) -> Node? {
      switch byte() {
      case 0: return group(path: path, depth: depth).map(Node.group)
      case 1: return dataset(path: path).map(Node.dataset)
      case 2: return text().flatMap(HDF5Link.Kind.init).map(Node.link)
      case 3: return text().map(Node.unreadable)
      default: return nil
      }
    }

    private mutating func dataset(path: String) -> Dataset? {
      guard let rank = count(), rank <= HDF5Dataset.maximumRank else { return nil }
      var shape: [Int] = []
      for _ in 0..<rank {
        guard let extent = number() else { return nil }
        shape.append(extent)
      }
      guard let type = type(), let attributeCount = count() else { return nil }
      var dataset = Dataset(path: path, shape: shape, type: type, attributes: [], bytes: [])
      for _ in 0..<attributeCount {
        guard let name = text() else { return nil }
        dataset.attributes.append(name)
      }
      switch byte() {
      case 0: break
      case 1:
        guard let problem = text() else { return nil }
        dataset.problem = problem
      default: return nil
      }
      guard let bytes = elements() else { return nil }
      dataset.bytes = bytes
      return dataset
    }

    private mutating func type() -> StoredType? {
      switch byte() {
      case 0: return text().flatMap(HDF5ElementType.init).map(StoredType.number)
      case 1: return number().map(StoredType.text)
      case 2: return .other
      case 3: return number().flatMap { (1...64).contains($0) ? .real(size: $0) : nil }
      default: return nil
      }
    }
  }
}
