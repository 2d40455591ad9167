import Foundation

/// Why a data set cannot be had.
package enum DatasetError: Error, Sendable, Equatable {
  /// The system refuses to open or read a file; `code` is its errno.
  case cannotOpen(path: String, code: Int32)
  case cannotRead(path: String, code: Int32)
  case notAFile(path: String)
  case gzipEndsEarly(path: String)
  case gzipCorrupt(path: String, reason: String)
  case headerTruncated(path: String, expected: Int, found: Int)
  case wrongMagic(path: String, expected: IDXReader.Kind, found: UInt32)
  case noElements(path: String, dimensions: [Int])
  case tooLarge(path: String, dimensions: [Int], limit: Int)
  /// `found` counts the bytes after the header.
  case sizeMismatch(path: String, dimensions: [Int], found: FoundSize)
  case countMismatch(images: String, imageCount: Int, labels: String, labelCount: Int)
  case labelOutOfRange(path: String, index: Int, label: Int, classes: Int)
  case shapeMismatch(training: String, trainingShape: String, test: String, testShape: String)
  case fileMissing(directory: String, name: String)
  /// The directory or file is of none of the forms that are read.
  case noDataset(path: String)
  case batchMissing(path: String, name: String)
  /// The size of a file of records, in bytes, and of a record.
  case notRecords(path: String, size: Int, record: Int)
  case unknownClass(path: String, index: Int, label: Int, classes: Int)
  case wrongClassCount(path: String, count: Int)
  case filesTooLarge(directory: String, limit: Int)
  case malformedArchive(path: String, ArchiveDefect)
  case notFound(name: String, searched: [String])
  case differentData(name: String, differences: [String])
  /// The data of a run is at none of the places where it was recorded or can be installed.
  case runDataNotFound(name: String, sha256: String, searched: [SearchedPlace])

  /// How many bytes a file has for its announced elements.
  package enum FoundSize: Sendable, Equatable {
    case exactly(Int)
    /// Reading stopped at the first byte too many.
    case more
    /// A compressed file of this many bytes cannot hold the announced ones.
    case atMost(Int)
  }
}

extension DatasetError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotOpen(let path, let code):
      "cannot open '\(path)': \(Self.reason(code))"
    case .cannotRead(let path, let code):
      "cannot read '\(path)': \(Self.reason(code))"
    case .notAFile(let path):
      "cannot read '\(path)': not a regular file"
    case .gzipEndsEarly(let path):
      "cannot read '\(path)': gzip data ends early"
    case .gzipCorrupt(let path, let reason):
      "cannot read '\(path)': gzip data is corrupt: \(reason)"
    case .headerTruncated(let path, let expected, let found):
      "cannot read '\(path)': an IDX header has \(expected) bytes, file holds \(found)"
    case .wrongMagic(let path, let expected, let found):
      "cannot read '\(path)': IDX magic is \(Self.magic(found)), "
        + "that of \(expected) is \(Self.magic(expected.magic))"
    case .noElements(let path, let dimensions):
      "cannot read '\(path)': IDX header announces \(Self.product(dimensions)) bytes: no data"
    case .tooLarge(let path, let dimensions, let limit):
      "cannot read '\(path)': IDX header announces \(Self.product(dimensions)) bytes, "
        + "the limit is \(limit)"
    case .sizeMismatch(let path, let dimensions, let found):
      "cannot read '\(path)': IDX header announces \(Self.product(dimensions)) bytes, file holds "
        + Self.size(found)
    case .countMismatch(let images, let imageCount, let labels, let labelCount):
      "cannot use '\(images)' with '\(labels)': \(imageCount) images, but \(labelCount) labels"
    case .labelOutOfRange(let path, let index, let label, let classes):
      "cannot use '\(path)': label \(index) is \(label), the training set has classes "
        + "0 to \(classes - 1)"
    case .shapeMismatch(let training, let trainingShape, let test, let testShape):
      "cannot use '\(training)' with '\(test)': images of \(trainingShape), but of \(testShape)"
    case .fileMissing(let directory, let name):
      "cannot find '\(name)' or '\(name).gz' in '\(directory)'"
    case .noDataset(let path):
      "cannot find a data set in '\(path)': neither 'train-images-idx3-ubyte' or "
        + "'train-images-idx3-ubyte.gz' nor 'data_batch_1.bin'"
    case .batchMissing(let path, let name):
      "cannot find '\(name)' in '\(path)'"
    case .notRecords(let path, let size, let record):
      "cannot read '\(path)': its \(size) bytes are not one or more records of \(record)"
    case .unknownClass(let path, let index, let label, let classes):
      "cannot use '\(path)': label \(index) is \(label), there are classes 0 to \(classes - 1)"
    case .wrongClassCount(let path, let count):
      "cannot read '\(path)': it names \(count) classes, not 2 to 256"
    case .filesTooLarge(let directory, let limit):
      "cannot read '\(directory)': the files of the data set have more than \(limit) bytes"
    case .malformedArchive(let path, let defect):
      "cannot read '\(path)': \(defect)"
    case .notFound(let name, let searched):
      "cannot find data set '\(name)', looked in: "
        + searched.map { "'\($0)'" }.joined(separator: ", ")
        + (name == CIFARReader.name
          ? "; it does not come with rso: get cifar-10-binary.tar.gz from "
            + "https://www.cs.toronto.edu/~kriz/cifar.html, and name it with --data"
          : "; name a directory with --data or RSO_DATA")
    case .runDataNotFound(let name, let sha256, let searched):
      "cannot find the data of the run, '\(name)' (SHA-256 of its training set: "
        + "\(sha256.prefix(16))...), looked in: "
        + searched.map { "'\($0.path)' (\($0.finding))" }.joined(separator: ", ")
        + "; name its directory or file with --data"
    case .differentData(let name, let differences):
      "data set '\(name)' is not the one that the run was trained on: "
        + differences.joined(separator: "; ") + "; name the right one with --data"
    }
  }

  /// The system's words, in lower case.
  private static func reason(_ code: Int32) -> String {
    String(cString: strerror(code)).lowercased()
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
