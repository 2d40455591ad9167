/// Why the bytes of a file cannot be read.
package enum FileReadError: Error, Hashable, Sendable {
  /// The system does not open the file, or it is not a regular one.
  case cannotOpen(path: String, reason: String)
  /// The device does not give the bytes.
  case cannotRead(path: String, reason: String)
  /// The bytes are not what the file's compression allows.
  case damaged(path: String, reason: String)
  /// The file has more bytes than the caller takes.
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
