import RSOSystem

/// Facts about a checkpoint file that are known without parsing it, and so without another process.
extension CheckpointReader {
  /// The bytes at the beginning of a file that show what kind of file it is.
  private static let headerBytes = 8192

  /// Reads the user block of a file, and checks that the file has the length that it states. Damage
  /// further on is not noticed.
  ///
  /// *Complexity:* independent of the file's size.
  ///
  /// *Throws:* `CheckpointError`.
  package static func header(_ path: String) throws(CheckpointError) -> UserBlock {
    let bytes: [UInt8]
    let size: Int
    do throws(FileReadError) {
      let file = try InputFile(path)
      size = file.size
      bytes = try beginning(of: file)
    } catch {
      throw CheckpointError(error)
    }
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
    let bytes: [UInt8]
    do throws(FileReadError) {
      bytes = try InputFile.contents(of: path, maximumBytes: CheckpointSchema.maximumFileSize)
    } catch {
      throw CheckpointError(error)
    }
    return try UserBlock(of: bytes, path: path)
  }

  private static func beginning(of file: borrowing InputFile) throws(FileReadError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(headerBytes, file.size))
    var failure: FileReadError?
    let count = bytes.withUnsafeMutableBytes { buffer -> Int in
      do throws(FileReadError) { return try file.read(into: buffer) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return Array(bytes[..<count])
  }
}
