import RSOSystem
import RSOTensorFiles

/// Numpy's files: npz and npy.
struct NumpyFormat: ArrayFormat {
  let names = ["npz", "npy"]

  func recognizes(_ start: [UInt8]) -> Bool {
    start.starts(with: Array("PK".utf8) + [3, 4]) || start.starts(with: Array("PK".utf8) + [5, 6])
      || start.starts(with: [0x93] + Array("NUMPY".utf8))
  }

  func open(_ path: String) throws(ArraysError) -> any ArrayFile {
    try ArrayFormats.refuseGzip(path)
    do throws(TensorFileError) { return NumpyArrays(try NumpyFile(path)) } catch {
      throw .unreadable(path: path, problem: Self.kind(of: path, error) ?? "\(error)")
    }
  }

  /// Says what a zip archive without arrays is, by its first entry's name, and what to do with it; nil for
  /// other files.
  private static func kind(of path: String, _ error: TensorFileError) -> String? {
    guard error.problem.contains("without a numpy array"),
      // The length of the name is at byte 26, the name at byte 30.
      let length = try? InputFile(path).bytes(2, at: 26), length.count == 2,
      let bytes = try? InputFile(path).bytes(Int(length[0]) + Int(length[1]) << 8, at: 30)
    else { return nil }
    let name = String(decoding: bytes, as: UTF8.self)
    let isWorkbook = ["[Content_Types].xml", "_rels/", "xl/"].contains { name.hasPrefix($0) }
    return isWorkbook
      ? "it is an Excel workbook; save the sheet as CSV"
      : "it is a zip archive without arrays, but with \(quoted(name)); unpack it with unzip"
  }
}

/// The arrays of a numpy file.
private struct NumpyArrays: ArrayFile {
  let file: NumpyFile
  let arrays: [FoundArray]

  var path: String { file.path }

  init(_ file: NumpyFile) {
    self.file = file
    let stem = Path.name(of: file.path).split(separator: ".").first.map(String.init) ?? ""
    arrays = file.items.map { item in
      let name = item.name.isEmpty ? stem : item.name
      switch item.array {
      case .success(let array): return Self.description(of: array, name: name)
      case .failure(let error):
        return FoundArray(
          name: name, shape: [], element: .number(.uint8, isBigEndian: false), type: "unknown",
          problem: error.problem)
      }
    }
  }

  private static func description(of array: NumpyArray, name: String) -> FoundArray {
    let element: FoundArray.Element
    var type = "text"
    switch array.element {
    case .number(let number):
      element = .number(number, isBigEndian: array.isBigEndian)
      type = number.rawValue
    case .characters(let count):
      element = .text(.characters(count: count, isBigEndian: array.isBigEndian))
    case .bytes(let count):
      element = .text(.bytes(count: count))
    }
    var found = FoundArray(name: name, shape: array.shape, element: element, type: type)
    found.isColumnMajor = array.isColumnMajor
    if case .number(let number) = array.element, number.isComplex {
      found.problem = "it holds complex numbers"
    }
    return found
  }

  func read(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    do {
      try file.read(file.items[index], body)
    } catch let error as TensorFileError {
      throw ArraysError.unreadable(path: path, problem: "\(error)")
    }
  }
}
