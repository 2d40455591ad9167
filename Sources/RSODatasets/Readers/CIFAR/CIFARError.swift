import RSOSystem

/// The reasons why a data set in CIFAR-10's binary form cannot be read.
package enum CIFARError: DatasetReaderError, Equatable {
  case file(FileReadError)
  case archive(TarError)
  case assembly(path: String, AssemblyError)
  /// A file of the data set is missing in a directory or an archive.
  case batchMissing(path: String, name: String)
  /// The file's size is 0 or not a multiple of the record's size. Both are in bytes.
  case notRecords(path: String, size: Int, record: Int)
  case unknownClass(path: String, index: Int, label: Int, classes: Int)
  case wrongClassCount(path: String, count: Int)
  /// The number of class names is not that of the classes.
  case wrongNameCount(path: String, count: Int, expected: Int)
  /// A record has no labels of this name.
  case unknownLabels(path: String, name: String)
  case filesTooLarge(directory: String, limit: Int)

  package var cause: ReadFailureCause {
    switch self {
    case .file(let error): error.cause
    case .archive(let error): error.cause
    case .batchMissing: .notFound
    default: .content
    }
  }

  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .file(let error):
      error.description
    case .archive(let error):
      error.description
    case .assembly(let path, let error):
      "cannot use '\(path)': \(error)"
    case .batchMissing(let path, let name):
      "cannot find '\(name)' in '\(path)'; the binary version has it, the Python and Matlab versions do "
        + "not"
    case .notRecords(let path, let size, let record):
      "cannot read '\(path)': its \(size) bytes are not one or more records of \(record)"
    case .unknownClass(let path, let index, let label, let classes):
      "cannot use '\(path)': label \(index) is \(label), there are classes 0 to \(classes - 1)"
    case .wrongClassCount(let path, let count):
      "cannot read '\(path)': it names \(count) classes, not 2 to 256"
    case .wrongNameCount(let path, let count, let expected):
      "cannot read '\(path)': it names \(count) classes, expected \(expected)"
    case .unknownLabels(let path, let name):
      "cannot use '\(path)': it has no labels \(quoted(name)); use --labels fine (100 classes) or "
        + "--labels coarse (20 classes)"
    case .filesTooLarge(let directory, let limit):
      "cannot read '\(directory)': the files of the data set have more than \(limit) bytes"
    }
  }
}
