import RSOSystem

/// The reasons why a tar archive cannot be read.
package enum TarError: Error, Sendable, Equatable {
  case file(FileReadError)
  case malformed(path: String, Defect)

  /// The defect of a malformed archive.
  package enum Defect: Sendable, Equatable {
    /// The file does not begin with a tar header.
    case notAnArchive
    /// There is no valid header at `offset`, in uncompressed bytes.
    case damagedHeader(offset: Int)
    case endsEarly
    /// The archive has more uncompressed bytes than are read.
    case tooLarge(limit: Int)
    case duplicate(name: String)
  }

  var cause: ReadFailureCause {
    switch self {
    case .file(let error): error.cause
    case .malformed: .content
    }
  }
}

extension TarError: CustomStringConvertible {
  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .malformed(let path, let defect): "cannot read '\(path)': \(defect)"
    }
  }
}

extension TarError.Defect: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAnArchive: "not a tar archive"
    case .damagedHeader(let offset): "damaged tar header at byte \(offset)"
    case .endsEarly: "tar archive ends early"
    case .tooLarge(let limit): "tar archive holds more than \(limit) bytes"
    case .duplicate(let name): "tar archive holds \(quoted(name)) twice"
    }
  }
}
