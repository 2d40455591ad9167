import RSOSystem

/// The reasons why a data set of IDX files cannot be read.
package enum IDXError: DatasetReaderError, Equatable {
  case file(FileReadError)
  /// The files are read as any arrays, because the request has choices.
  case arrays(ArraysError)
  case fileMissing(directory: String, name: String)
  case headerTruncated(path: String, expected: Int, found: Int)
  case wrongMagic(path: String, expected: IDXFile.Kind, found: UInt32)
  case noElements(path: String, dimensions: [Int])
  case tooLarge(path: String, dimensions: [Int], limit: Int)
  /// `found` counts the bytes after the header.
  case sizeMismatch(path: String, dimensions: [Int], found: FoundSize)
  case countMismatch(images: String, imageCount: Int, labels: String, labelCount: Int)
  case labelOutOfRange(path: String, index: Int, label: Int, classes: Int)
  case shapeMismatch(training: String, trainingShape: String, test: String, testShape: String)

  /// The number of bytes that a file has for the elements in its header.
  package enum FoundSize: Sendable, Equatable {
    case exactly(Int)
    /// Reading stopped at the first byte too many.
    case more
    /// A compressed file of this many bytes cannot hold the announced ones.
    case atMost(Int)
  }

  package var cause: ReadFailureCause {
    switch self {
    case .file(let error): error.cause
    case .arrays(let error): error.cause
    case .fileMissing: .notFound
    default: .content
    }
  }

  /// True for the magic number of an IDX file whose elements are not unsigned bytes.
  var isOtherElementType: Bool {
    guard case .wrongMagic(_, _, let found) = self, found < 0x1_0000 else { return false }
    let type = UInt8(found >> 8)
    return type != 0x08 && IDXFormat.types[type] != nil
  }

  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .file(let error):
      error.description
    case .arrays(let error):
      error.description
    case .fileMissing(let directory, let name):
      "cannot find '\(name)' or '\(name).gz' in '\(directory)'"
    case .headerTruncated(let path, let expected, let found):
      "cannot read '\(path)': an IDX header has \(expected) bytes, the file \(found)"
    case .wrongMagic(let path, let expected, let found):
      "cannot read '\(path)': IDX magic is \(Self.magic(found)), expected "
        + "\(Self.magic(expected.magic)) for \(expected)" + Self.hint(on: found)
    case .noElements(let path, let dimensions):
      "cannot read '\(path)': IDX header announces \(Self.product(dimensions)) bytes: no data"
    case .tooLarge(let path, let dimensions, let limit):
      "cannot read '\(path)': IDX header announces \(Self.product(dimensions)) bytes, "
        + "the limit is \(limit)"
    case .sizeMismatch(let path, let dimensions, let found):
      "cannot read '\(path)': IDX header announces \(Self.product(dimensions)) bytes, the file has "
        + Self.size(found)
    case .countMismatch(let images, let imageCount, let labels, let labelCount):
      "cannot use '\(images)' with '\(labels)': \(imageCount) images, but \(labelCount) labels"
    case .labelOutOfRange(let path, let index, let label, let classes):
      "cannot use '\(path)': label \(index) is \(label), the training set has classes "
        + "0 to \(classes - 1)"
    case .shapeMismatch(let training, let trainingShape, let test, let testShape):
      "cannot use '\(training)' with '\(test)': images of \(trainingShape), but of \(testShape)"
    }
  }

  /// Says what a file is whose first bytes are those of a web page or of a text.
  private static func hint(on magic: UInt32) -> String {
    switch magic {
    case 0x3C00_0000..<0x3D00_0000:
      "; it is a web page, as a server sends instead of a file; download it again"
    case 0x7665_7273: "; it is a pointer of git-lfs; get the file with 'git lfs pull'"
    default: ""
    }
  }

  private static func magic(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func product(_ dimensions: [Int]) -> String {
    dimensions.map(String.init).joined(separator: " x ")
  }

  private static func size(_ found: FoundSize) -> String {
    switch found {
    case .exactly(let count): "\(count)"
    case .more: "more"
    case .atMost(let count): "at most \(count)"
    }
  }
}
