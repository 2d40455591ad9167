import HDF5
import HDF5Isolation
import RSOSystem
import RSOTensorFiles

/// HDF5 files, which libhdf5 parses in a process of its own.
struct HDF5Format: ArrayFormat {
  let names = ["HDF5"]

  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  func recognizes(_ start: [UInt8]) -> Bool { start.starts(with: Self.signature) }

  /// Tells if a file has the signature, at its start or after a user block of up to 1 MiB.
  static func isHDF5(_ file: borrowing InputFile) -> Bool {
    if file.holds(signature, at: 0) { return true }
    var offset = 512
    while offset <= 1 << 20, offset < file.size {
      if file.holds(signature, at: offset) { return true }
      offset *= 2
    }
    return false
  }

  func open(_ path: String) throws(ArraysError) -> any ArrayFile {
    try ArrayFormats.refuseGzip(path)
    do {
      let file = try InputFile(path)
      return HDF5Arrays(path: path, found: try ContentsProcess().arrays(of: file).get())
    } catch { throw ArraysError(error, path: path) }
  }
}

/// The arrays of an HDF5 file.
private struct HDF5Arrays: ArrayFile {
  let path: String
  let found: [HDF5Array]
  let arrays: [FoundArray]

  /// The most bytes of the texts of an array.
  private static let largestTexts = 1 << 30

  init(path: String, found: [HDF5Array]) {
    self.path = path
    self.found = found
    arrays = found.map { array in
      let element: FoundArray.Element =
        TensorElementType(rawValue: array.element.rawValue).map {
          .number($0, isBigEndian: false)
        } ?? .text(.counted)
      let isComplex = TensorElementType(rawValue: array.element.rawValue)?.isComplex ?? false
      return FoundArray(
        name: array.path, shape: array.shape, element: element, type: array.type,
        problem: array.problem ?? (isComplex ? "it holds complex numbers" : nil))
    }
  }

  /// The process's answer is not trusted: it must have exactly the numbers that were announced.
  func read(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let array = found[index]
    var texts: [UInt8] = []
    var left = array.count * array.element.size
    let isText = array.element == .text
    let incomplete = ArraysError.unreadable(
      path: path, problem: "array \(quoted(array.path)) is incomplete")
    do {
      let file = try InputFile(path)
      try ContentsProcess().read(array, of: file) { part in
        guard !isText else {
          texts += part
          guard texts.count <= Self.largestTexts else { throw incomplete }
          return
        }
        left -= part.count
        guard left >= 0, part.count % array.element.size == 0 else { throw incomplete }
        try body(part)
      }
    } catch { throw ArraysError(error, path: path) }
    guard isText || left == 0 else { throw incomplete }
    if isText { try texts.withUnsafeBytes(body) }
  }
}

extension ArraysError {
  /// The error of reading an HDF5 file; errors of this type stay.
  fileprivate init(_ error: any Error, path: String) {
    switch error {
    case let error as ArraysError: self = error
    case let error as FileReadError: self = .file(error)
    case let error as ContentsProcessError:
      switch error {
      case .gaveUp: self = .unreadable(path: path, problem: "\(error)")
      case .noProgram, .noProcess: self = .noProgram(reason: "\(error)")
      }
    default: self = .unreadable(path: path, problem: "\(error)")
    }
  }
}
