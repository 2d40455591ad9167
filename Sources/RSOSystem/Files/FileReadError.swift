/// Why the bytes of a file cannot be read.
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

extension FileReadError: CustomStringConvertible {
  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .cannotOpen(let path, let reason): "cannot open '\(path)': \(reason)"
    case .cannotRead(let path, let reason), .damaged(let path, let reason):
      "cannot read '\(path)': \(reason)"
    case .tooLarge(let path, let bytes, let limit):
      "cannot open '\(path)': \(bytes) bytes, more than the \(limit) that are read"
    }
  }
}
