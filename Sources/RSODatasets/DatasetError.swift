import RSOSystem

/// Why there is no data set for a run.
package enum DatasetError: Error, Sendable, Equatable {
  /// A reader's error, in its words.
  case unreadable(reason: String, cause: ReadFailureCause)
  /// No reader recognises the directory or file. `kinds` has each kind with the reader's reason.
  case unknownKind(path: String, kinds: [String])
  case notFound(name: String, searched: [String], advice: String)
  /// The data at hand are not those that the run was trained on.
  case differentData(name: String, differences: [String])
  /// The data of a run is at none of the places where it was recorded or can be installed.
  case runDataNotFound(name: String, sha256: String, searched: [SearchedPlace])

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
    case .notFound(let name, let searched, let advice):
      "cannot find data set '\(name)', looked in: "
        + searched.map { "'\($0)'" }.joined(separator: ", ") + "; " + advice
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
}
