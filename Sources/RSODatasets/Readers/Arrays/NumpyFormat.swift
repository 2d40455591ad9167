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
      throw .unreadable(path: path, problem: "\(error)")
    }
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
