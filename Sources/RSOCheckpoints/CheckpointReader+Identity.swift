internal import Glibc

/// What can be told of a checkpoint file without parsing it: no other process is needed for it.
extension CheckpointReader {
  /// Bytes from the beginning of a file that tell what kind of file it is.
  private static let headerBytes = 8192

  /// Reads the user block of a file, and checks that the file has the length that it states. Damage
  /// further on is not noticed.
  ///
  /// *Complexity:* independent of the file's size.
  ///
  /// *Throws:* `CheckpointError`.
  package static func header(_ path: String) throws(CheckpointError) -> UserBlock {
    let (bytes, size) = try RegularFile.beginning(of: path, bytes: headerBytes)
    let block = try UserBlock(unchecked: bytes, path: path)
    guard size >= block.length else {
      throw .truncated(path: path, expected: block.length, found: size)
    }
    guard size == block.length else { throw .modified(path: path) }
    return block
  }

  /// Reads a file, and checks that its bytes are the ones that were written: its length and its SHA-256.
  /// Returns its user block, which identifies it.
  ///
  /// *Throws:* `CheckpointError`.
  package static func identity(_ path: String) throws(CheckpointError) -> UserBlock {
    let bytes = try RegularFile.read(path, maximumBytes: CheckpointSchema.maximumFileSize)
    return try UserBlock(of: bytes, path: path)
  }
}
