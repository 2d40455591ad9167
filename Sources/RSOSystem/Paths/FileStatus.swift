internal import Glibc

/// The kind, size, permissions and identity of a file.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case file
    case directory
    case symbolicLink
    /// A pipe, socket or device.
    case other
  }

  package var kind: Kind
  /// Bytes of content.
  package var size: Int
  /// Permission bits, such as 0o644.
  package var permissions: UInt32
  /// Two files are the same if device and number are.
  package var device: UInt64
  package var number: UInt64

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      default: .other
      }
    size = Int(status.st_size)
    permissions = UInt32(status.st_mode & 0o7777)
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }

  /// Tells if both belong to the same file.
  package func isSameFile(as other: FileStatus) -> Bool {
    device == other.device && number == other.number
  }
}
