extension HDF5Contents {
  /// Encodes the parts of a file's contents; see `encode`.
  struct Writer {
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
}
