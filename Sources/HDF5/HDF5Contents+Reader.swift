extension HDF5Contents {
  /// Decodes the parts; nil at the first byte that `encode` does not write.
  struct Reader {
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

    mutating func number() -> Int? {
      take(8).flatMap { bytes in
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
      }
    }

    mutating func count() -> Int? {
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
