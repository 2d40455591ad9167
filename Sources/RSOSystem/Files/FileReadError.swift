/// The reason why the bytes of a file cannot be read.
package enum FileReadError: Error, Hashable, Sendable {
  /// The file cannot be opened, or it is not a regular file.
  case cannotOpen(path: String, reason: String)
  /// Reading from the open file fails.
  case cannotRead(path: String, reason: String)
  /// The compressed data is damaged.
  case damaged(path: String, reason: String)
  /// The file is larger than the caller's limit.
  case tooLarge(path: String, bytes: Int, limit: Int)
}

extension FileReadError {
  /// The message without the path: `gzip data ends early`.
  package var reason: String {
    switch self {
    case .cannotOpen(_, let reason), .cannotRead(_, let reason), .damaged(_, let reason): reason
    case .tooLarge(_, let bytes, let limit):
      "\(bytes) bytes, more than the \(limit) that are read"
    }
  }
}

extension FileReadError: CustomStringConvertible {
  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .cannotOpen(let path, _), .tooLarge(let path, _, _): "cannot open '\(path)': \(reason)"
    case .cannotRead(let path, _), .damaged(let path, _): "cannot read '\(path)': \(reason)"
    }
  }
}
