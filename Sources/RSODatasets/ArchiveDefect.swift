/// What is wrong with a tar archive.
package enum ArchiveDefect: Error, Sendable, Equatable {
  /// It does not begin with a tar header.
  case notAnArchive
  /// What stands there, in uncompressed bytes, is no header, or one that contradicts itself.
  case damagedHeader(offset: Int)
  case endsEarly
  /// More uncompressed bytes than are read of an archive.
  case tooLarge(limit: Int)
  case twice(name: String)
}

extension ArchiveDefect: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAnArchive: "not a tar archive"
    case .damagedHeader(let offset): "damaged tar header at byte \(offset)"
    case .endsEarly: "tar archive ends early"
    case .tooLarge(let limit): "tar archive holds more than \(limit) bytes"
    case .twice(let name): "tar archive holds '\(name)' twice"
    }
  }
}
