import RSOSystem
import RSOTensorFiles

/// IDX files of every element type and 1 to 4 dimensions, plain or gzip
/// (http://yann.lecun.com/exdb/mnist). An IDX file holds one array.
struct IDXFormat: ArrayFormat {
  let names = ["IDX"]

  static let types: [UInt8: TensorElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]

  func recognizes(_ start: [UInt8]) -> Bool {
    start.count >= 8 && start[0] == 0 && start[1] == 0 && Self.types[start[2]] != nil
      && (1...4).contains(start[3])
  }

  func open(_ path: String) throws(ArraysError) -> any ArrayFile {
    var input = try Self.input(path)
    return IDXArray(path: path, array: try Self.header(of: &input))
  }

  fileprivate static func input(_ path: String) throws(ArraysError) -> InflatedInput {
    do throws(FileReadError) { return try InflatedInput(path) } catch { throw .file(error) }
  }

  fileprivate static func bytes(
    _ count: Int, of input: inout InflatedInput
  ) throws(ArraysError) -> [UInt8] {
    do throws(FileReadError) { return try input.bytes(count) } catch { throw .file(error) }
  }

  /// Reads the header, and compares its sizes with the file's.
  fileprivate static func header(of input: inout InflatedInput) throws(ArraysError) -> FoundArray {
    let magic = try bytes(4, of: &input)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, let type = types[magic[2]],
      (1...4).contains(magic[3])
    else { throw .unreadable(path: input.path, problem: "not an IDX file") }
    let fields = try bytes(4 * Int(magic[3]), of: &input)
    guard fields.count == 4 * Int(magic[3]) else {
      throw .unreadable(path: input.path, problem: "its IDX header ends early")
    }
    let shape = stride(from: 0, to: fields.count, by: 4).map { start in
      fields[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    try check(shape, type, header: 4 + fields.count, input)
    var array = FoundArray(
      name: stem(input.path), shape: shape, element: .number(type, isBigEndian: true),
      type: type.rawValue)
    // The labels of QMNIST: class, writer, ... (https://github.com/facebookresearch/qmnist).
    if type == .int32, shape.count == 2, shape[1] == 8 { array.classColumn = 0 }
    return array
  }

  private static func check(
    _ shape: [Int], _ type: TensorElementType, header: Int, _ input: borrowing InflatedInput
  ) throws(ArraysError) {
    var size = type.size
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .unreadable(path: input.path, problem: mismatch(shape, type)) }
      size = product
    }
    let (end, overflow) = size.addingReportingOverflow(header)
    guard !overflow, input.exactSize.map({ $0 == end }) ?? (end <= input.largestSize) else {
      throw .unreadable(path: input.path, problem: mismatch(shape, type))
    }
  }

  fileprivate static func mismatch(_ shape: [Int], _ type: TensorElementType) -> String {
    "its IDX header announces \(shape.map(String.init).joined(separator: " x ")) elements of "
      + "\(type.size) bytes, which it does not have"
  }

  /// The name of the array: that of the file, without `.gz` and the parts that name the format.
  private static func stem(_ path: String) -> String {
    var name = Path.name(of: path)[...]
    if name.hasSuffix(".gz") { name = name.dropLast(3) }
    for rank in 1...4 {
      for type in ["ubyte", "byte", "short", "int", "float", "double"] {
        for separator in ["-", "."] where name.hasSuffix("\(separator)idx\(rank)-\(type)") {
          return String(name.dropLast("-idx0-".count + type.count))
        }
      }
    }
    return String(name.hasSuffix(".idx") ? name.dropLast(4) : name)
  }
}

/// The array of an IDX file.
struct IDXArray: ArrayFile {
  let path: String
  let array: FoundArray

  var arrays: [FoundArray] { [array] }

  func read(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard case .number(let type, _) = array.element else { return }
    var input = try IDXFormat.input(path)
    guard try IDXFormat.header(of: &input) == array else {
      throw ArraysError.unreadable(path: path, problem: "it has changed")
    }
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { part.deallocate() }
    var left = array.count * type.size
    do {
      while left > 0 {
        let room = UnsafeMutableRawBufferPointer(rebasing: part[..<min(part.count, left)])
        guard try input.read(into: room) == room.count else {
          throw ArraysError.unreadable(
            path: path, problem: IDXFormat.mismatch(array.shape, type))
        }
        try body(UnsafeRawBufferPointer(room))
        left -= room.count
      }
      // The end, where the checksum of gzip is compared.
      guard try input.bytes(1).isEmpty else {
        throw ArraysError.unreadable(path: path, problem: IDXFormat.mismatch(array.shape, type))
      }
    } catch let error as FileReadError { throw ArraysError.file(error) }
  }
}
