import HDF5
import RSOTensorFiles

/// HDF5 files of another file's tensors: datasets whose elements the caller writes to their places. Names with
/// slashes become groups.
enum TensorHDF5 {
  /// The datasets of numbers with the offsets of their elements.
  typealias Places = [(entry: TensorEntry, offset: Int)]

  /// Makes a file on disk.
  ///
  /// *Throws:* `TensorConversion.Failure`.
  static func create(
    _ numbers: TensorFile, _ texts: [NPZWriter.Texts], at path: String
  ) throws -> Places {
    try failing {
      let file = try HDF5File(creating: path)
      let places = try fill(file, numbers, texts)
      try file.finish()
      return places
    }
  }

  /// Makes a file in memory.
  ///
  /// *Throws:* `TensorConversion.Failure`.
  static func image(
    _ numbers: TensorFile, _ texts: [NPZWriter.Texts]
  ) throws -> (bytes: [UInt8], places: Places) {
    try failing {
      let file = try HDF5File()
      let places = try fill(file, numbers, texts)
      return (try file.image(), places)
    }
  }

  /// Returns the type of numbers in HDF5; nil if it has none.
  static func number(_ type: TensorElementType) -> HDF5Number? {
    switch type {
    case .bool: .bool
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    case .int8, .int16, .int32, .int64: .integer(size: type.size, isSigned: true)
    case .uint8, .uint16, .uint32, .uint64: .integer(size: type.size, isSigned: false)
    case .complex32, .complex64, .complex128: .complex(partSize: type.size / 2)
    case .float8E4M3, .float8E5M2, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: nil
    }
  }

  private static func failing<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as HDF5Error {
      throw TensorConversion.Failure(reason: "\(error)")
    }
  }

  /// An array that is to be written, and what is left of its path below a group.
  private struct Member {
    let path: ArraySlice<String>
    let content: Content
  }

  private enum Content {
    case numbers(TensorEntry)
    case texts(NPZWriter.Texts)

    var name: String {
      switch self {
      case .numbers(let entry): entry.name
      case .texts(let texts): texts.name
      }
    }
  }

  private static func fill(
    _ file: borrowing HDF5File, _ numbers: TensorFile, _ texts: [NPZWriter.Texts]
  ) throws -> Places {
    let root = try file.root()
    for (name, text) in numbers.metadata.sorted(by: { $0.key < $1.key }) {
      try root.setAttribute(name, text)
    }
    let contents = numbers.entries.map(Content.numbers) + texts.map(Content.texts)
    var places: Places = []
    try write(
      contents.map {
        Member(path: $0.name.split(separator: "/").map(String.init)[...], content: $0)
      },
      to: root, &places)
    return places
  }

  private static func write(
    _ members: [Member], to group: borrowing HDF5Group, _ places: inout Places
  ) throws {
    var groups: [(name: String, members: [Member])] = []
    var order: [String: Int] = [:]
    for member in members {
      guard let name = member.path.first else {
        throw TensorFileError(format: "HDF5", problem: "a tensor has no name")
      }
      guard member.path.count == 1 else {
        let place = order[name] ?? groups.count
        if place == groups.count { groups.append((name, [])) }
        order[name] = place
        groups[place].members.append(
          Member(path: member.path.dropFirst(), content: member.content))
        continue
      }
      switch member.content {
      case .numbers(let entry):
        guard let type = entry.type.element.flatMap(number) else { continue }
        if let offset = try group.reserve(type, shape: entry.shape, as: name) {
          places.append((entry, offset))
        }
      case .texts(let texts):
        try group.write(texts: texts.values, shape: texts.shape, as: name)
      }
    }
    for (name, members) in groups { try write(members, to: try group.createGroup(name), &places) }
  }
}
