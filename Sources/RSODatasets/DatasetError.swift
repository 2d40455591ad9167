import RSOSystem

/// The reasons why a data set cannot be found, read or used.
package enum DatasetError: Error, Sendable, Equatable {
  /// A reader's error, in its words.
  case unreadable(reason: String, cause: ReadFailureCause)
  /// No reader recognises the directory or file. `kinds` lists each kind with its reader's reason.
  case unknownKind(path: String, kinds: [String])
  /// The name or path is an empty text.
  case noName
  case notFound(name: String, searched: [String], advice: String)
  /// The data that were found differ from those that the run was trained on.
  case differentData(name: String, differences: [String])
  /// The data of a run are at none of their recorded paths, nor where data sets are installed.
  case runDataNotFound(name: String, sha256: String, searched: [SearchedPlace])
  /// There is nothing at the path of test data that are apart.
  case testDataNotFound(path: String)
  /// Test data that are apart are not those of the run; the other sets are.
  case differentTestData(path: String)

  init(_ error: any DatasetReaderError) {
    self = .unreadable(reason: "\(error)", cause: error.cause)
  }
}

extension DatasetError: CustomStringConvertible {
  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .unreadable(let reason, _):
      reason
    case .unknownKind(let path, let kinds):
      "cannot find a data set in '\(path)'; the kinds that are read: "
        + kinds.joined(separator: "; ")
        + "; convert other files with Python: numpy.savez('data.npz', X=samples, y=labels)"
    case .noName:
      "cannot find data set '': the name is empty; name a file or directory"
    case .notFound(let name, let searched, let advice):
      "cannot find data set '\(name)', looked in: "
        + searched.map { "'\($0)'" }.joined(separator: ", ") + "; " + advice
    case .runDataNotFound(let name, let sha256, let searched):
      "cannot find the data of the run, '\(name)' (SHA-256 of its training set: "
        + "\(sha256.prefix(16))...), looked in: "
        + searched.map { "'\($0.path)' (\($0.finding))" }.joined(separator: ", ")
        + "; name its directory or file with --data"
    case .testDataNotFound(let path):
      "cannot find the test data, '\(path)'; name their directory or file with --test-data"
    case .differentTestData(let path):
      "the test data, '\(path)', are not those that the run had; name the right ones with --test-data"
    case .differentData(let name, let differences):
      "data set '\(name)' is not the one that the run was trained on: "
        + differences.joined(separator: "; ") + "; name the right one with --data"
    }
  }

  /// True if the data were found, but not their test data.
  package var isAboutTestData: Bool {
    switch self {
    case .testDataNotFound, .differentTestData: true
    default: false
    }
  }
}
