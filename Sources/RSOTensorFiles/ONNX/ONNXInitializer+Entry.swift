import RSOSystem

extension ONNXInitializer {
  /// The most bytes of numbers that lie in several lists, and of texts: they are held in memory.
  private static let largestLoose = 1 << 20
  private static let largestTexts = 1 << 26

  /// The entry, also of an initialiser that cannot be read.
  func entry(
    _ file: ProtocolBufferFile, _ path: String
  ) throws(ProtocolBufferError) -> TensorEntry {
    func unreadable(_ problem: String, _ type: TensorType, _ shape: [Int] = []) -> TensorEntry {
      TensorEntry(name: name, type: type, shape: shape, unreadable: problem)
    }
    guard let (type, bits) = type else {
      return unreadable(
        "its type \(dataType) is not a number type", .other("type \(dataType)"))
    }
    guard dimensions.count <= 16 else {
      return unreadable("it has \(dimensions.count) dimensions", type)
    }
    guard let count = elementCount(dimensions) else {
      return unreadable("its shape is impossible", type)
    }
    let content: TensorEntry.Content
    do throws(ONNXProblem) {
      if type == .text {
        content = .stored(TensorStorage(memory: try textBytes(count, in: file)[...]))
      } else {
        let (product, overflow) = count.multipliedReportingOverflow(by: bits)
        // No file has so many bytes as overflow a number.
        let size = overflow ? .max : product / 8 + (product % 8 == 0 ? 0 : 1)
        content = .stored(try storage(of: type, bits: bits, size: size, in: file, path))
      }
    } catch { return unreadable(error.text, type, dimensions) }
    return TensorEntry(name: name, type: type, shape: dimensions, content: content)
  }

  /// The reason why an initialiser cannot be read.
  private struct ONNXProblem: Error {
    var text: String
  }

  private var shapeText: String {
    dimensions.isEmpty ? "one" : dimensions.map(String.init).joined(separator: " x ")
  }

  // MARK: Types

  /// The type of the elements, and their bits; nil for an unknown number. Elements of less than 8 bits are
  /// delivered as they are stored, several in a byte.
  var type: (type: TensorType, bits: Int)? {
    let number: TensorElementType
    switch dataType {
    case 1: number = .float32
    case 2: number = .uint8
    case 3: number = .int8
    case 4: number = .uint16
    case 5: number = .int16
    case 6: number = .int32
    case 7: number = .int64
    case 8: return (.text, 8)
    case 9: number = .bool
    case 10: number = .float16
    case 11: number = .float64
    case 12: number = .uint32
    case 13: number = .uint64
    case 14: number = .complex64
    case 15: number = .complex128
    case 16: number = .bfloat16
    case 17: number = .float8E4M3
    case 18: number = .float8E4M3FNUZ
    case 19: number = .float8E5M2
    case 20: number = .float8E5M2FNUZ
    case 21: return (.other("uint4"), 4)
    case 22: return (.other("int4"), 4)
    case 23: return (.other("float4_e2m1"), 4)
    case 24: number = .float8E8M0
    case 25: return (.other("uint2"), 2)
    case 26: return (.other("int2"), 2)
    default: return nil
    }
    return (.number(number), 8 * number.size)
  }

  // MARK: Storage

  private func storage(
    of type: TensorType, bits: Int, size: Int, in file: ProtocolBufferFile, _ path: String
  ) throws(ONNXProblem) -> TensorStorage {
    func check(_ found: Int) throws(ONNXProblem) {
      guard found == size else {
        throw ONNXProblem(text: "\(found) bytes for a shape of \(shapeText)")
      }
    }
    if isExternal { return try externalStorage(size, near: path) }
    if let raw, !raw.isEmpty {
      try check(raw.count)
      return TensorStorage(.file(path: path, offset: raw.lowerBound), size: raw.count)
    }
    let field: Int
    switch type.element {
    case .float32, .complex64: field = 4
    case .float64, .complex128: field = 10
    case .int64: field = 7
    case .uint32, .uint64: field = 11
    default: field = 5
    }
    let isFixed = field == 4 || field == 10
    let list = numbers[field] ?? Numbers()
    if list.packed.count == 1, list.single.isEmpty {
      let range = list.packed[0]
      if isFixed {
        try check(range.count)
        return TensorStorage(.file(path: path, offset: range.lowerBound), size: range.count)
      }
      // Each number takes a byte or more.
      let width = max(1, bits / 8)
      guard size / width <= range.count else {
        throw ONNXProblem(
          text: "\(range.count) bytes for a shape of \(shapeText)")
      }
      return TensorStorage(.varints(path: path, range: range, width: width), size: size)
    }
    let bytes = try loose(
      list, width: field == 4 ? 4 : field == 10 ? 8 : max(1, bits / 8), isFixed, file)
    try check(bytes.count)
    return TensorStorage(memory: bytes[...])
  }

  /// The numbers of several lists, little-endian.
  private func loose(
    _ list: Numbers, width: Int, _ isFixed: Bool, _ file: ProtocolBufferFile
  ) throws(ONNXProblem) -> [UInt8] {
    let total = list.packed.reduce(0) { $0 + $1.count } + list.single.count * width
    guard total <= Self.largestLoose, list.packed.isEmpty || list.single.isEmpty else {
      throw ONNXProblem(text: "its numbers are in several lists, which are not read")
    }
    var bytes: [UInt8] = []
    do throws(ProtocolBufferError) {
      for range in list.packed {
        if isFixed {
          bytes += try file.bytes(range)
          continue
        }
        var rest = range
        while !rest.isEmpty {
          bytes += littleEndian(try file.varint(&rest)).prefix(width)
        }
      }
    } catch { throw ONNXProblem(text: error.problem) }
    for value in list.single { bytes += littleEndian(value).prefix(width) }
    return bytes
  }

  private func textBytes(
    _ count: Int, in file: ProtocolBufferFile
  ) throws(ONNXProblem) -> [UInt8] {
    guard !isExternal, texts.count == count else {
      throw ONNXProblem(text: "\(texts.count) texts for a shape of \(shapeText)")
    }
    guard texts.reduce(0, { $0 + $1.count + 4 }) <= Self.largestTexts else {
      throw ONNXProblem(text: "it has more than \(Self.largestTexts) bytes of texts")
    }
    var bytes: [UInt8] = []
    do throws(ProtocolBufferError) {
      for text in texts { bytes += littleEndian(UInt32(text.count)) + (try file.bytes(text)) }
    } catch { throw ONNXProblem(text: error.problem) }
    return bytes
  }

  // MARK: Other files

  /// The place of numbers in another file, which must be below the model's directory, whatever its links.
  private func externalStorage(_ size: Int, near path: String) throws(ONNXProblem) -> TensorStorage
  {
    let location = external["location"] ?? ""
    let directory = Path.parent(of: path)
    let place = "its numbers are in \(quoted(location))"
    guard !location.isEmpty, !location.hasPrefix("/"),
      !location.split(separator: "/").contains("..")
    else { throw ONNXProblem(text: "\(place), which is not below the model's directory") }
    let file = Path.joined(directory, location)
    let available: Int
    do throws(FileReadError) { available = try InputFile(file).size } catch {
      throw ONNXProblem(text: "\(place), which cannot be read: \(error.reason)")
    }
    guard let resolved = FileSystem.resolved(file), let root = FileSystem.resolved(directory),
      resolved.hasPrefix(root == "/" ? root : root + "/")
    else { throw ONNXProblem(text: "\(place), which is not below the model's directory") }
    guard let offset = Int(external["offset"] ?? "0"), offset >= 0, offset <= available,
      let length = Int(external["length"] ?? "\(available - offset)"), length >= 0,
      length <= available - offset
    else { throw ONNXProblem(text: "\(place), which is too short") }
    guard length == size else {
      throw ONNXProblem(
        text: "\(place): \(length) bytes for a shape of \(shapeText)")
    }
    return TensorStorage(.file(path: file, offset: offset), size: size)
  }
}
