import RSOSystem

/// A `TensorProto`: the numbers are raw bytes, or lie in a field for their type, or in another file.
struct ONNXInitializer {
  /// A field of numbers: packed lists, and numbers that stand alone.
  struct Numbers {
    var packed: [Range<Int>] = []
    var single: [UInt64] = []
  }

  private static let mostSingle = 1 << 16

  var name = ""
  var dimensions: [Int] = []
  var dataType = 0
  var raw: Range<Int>?
  var numbers: [Int: Numbers] = [:]
  var texts: [Range<Int>] = []
  var isExternal = false
  /// The place of the numbers in another file: `location`, `offset`, `length`.
  var external: [String: String] = [:]

  init(_ content: Range<Int>, in file: ProtocolBufferFile) throws(ProtocolBufferError) {
    var message = content
    while let (field, value) = try file.next(&message) {
      switch field {
      case 1: try addDimensions(value, in: file)
      case 2: dataType = try file.number(value)
      case 4, 5, 7, 10, 11: try add(value, to: field)
      case 6:
        guard texts.count < 1 << 20 else { throw ProtocolBufferError(problem: "too many texts") }
        texts.append(try file.content(value))
      case 8: name = try file.text(value)
      case 9: raw = try file.content(value)
      case 13:
        let (key, text) = try Self.pair(try file.content(value), in: file)
        external[key] = text
      case 14: isExternal = try file.number(value) != 0
      default: continue
      }
    }
  }

  private mutating func addDimensions(
    _ value: ProtocolBufferFile.Value, in file: ProtocolBufferFile
  ) throws(ProtocolBufferError) {
    guard case .bytes(var packed) = value else { return dimensions.append(try file.number(value)) }
    while !packed.isEmpty, dimensions.count <= 64 {
      dimensions.append(Int(Int64(bitPattern: try file.varint(&packed))))
    }
  }

  private mutating func add(
    _ value: ProtocolBufferFile.Value, to field: Int
  ) throws(ProtocolBufferError) {
    var list = numbers.removeValue(forKey: field) ?? Numbers()
    defer { numbers[field] = list }
    guard list.single.count + list.packed.count < Self.mostSingle else {
      throw ProtocolBufferError(
        problem: "an initialiser has more than \(Self.mostSingle) lists of numbers")
    }
    switch (value, field) {
    case (.bytes(let range), _): list.packed.append(range)
    case (.varint(let bits), 5), (.varint(let bits), 7), (.varint(let bits), 11):
      list.single.append(bits)
    case (.fixed32(let bits), 4): list.single.append(UInt64(bits))
    case (.fixed64(let bits), 10): list.single.append(bits)
    default: throw .malformed
    }
  }

  /// The texts of a `StringStringEntryProto`.
  static func pair(
    _ content: Range<Int>, in file: ProtocolBufferFile
  ) throws(ProtocolBufferError) -> (key: String, value: String) {
    var message = content
    var pair = (key: "", value: "")
    while let (field, value) = try file.next(&message) {
      switch field {
      case 1: pair.key = try file.text(value)
      case 2: pair.value = try file.text(value)
      default: continue
      }
    }
    return pair
  }

  /// The entry of a `SparseTensorProto`, whose name is that of its values.
  static func sparseEntry(
    _ content: Range<Int>, in file: ProtocolBufferFile
  ) throws(ProtocolBufferError) -> TensorEntry {
    var message = content
    var whole = try ONNXInitializer(content.lowerBound..<content.lowerBound, in: file)
    var type = TensorType.other("sparse")
    while let (field, value) = try file.next(&message) {
      switch field {
      case 1:
        let values = try ONNXInitializer(try file.content(value), in: file)
        whole.name = values.name
        type = .other("sparse \(values.type?.type.name ?? "numbers")")
      case 3: try whole.addDimensions(value, in: file)
      default: continue
      }
    }
    return TensorEntry(
      name: whole.name, type: type,
      shape: elementCount(whole.dimensions) == nil ? [] : whole.dimensions,
      unreadable: "it is sparse: it holds only some numbers, with their places")
  }
}
