internal import Glibc

/// A file that no one else can open: it has no name in any directory, and is gone when this process ends,
/// however it ends.
package enum UnnamedFile {
  /// The directory for temporary files: `TMPDIR`, or else `/tmp`.
  package static var directory: String {
    PathText.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
  }

  /// Makes a file in the directory for temporary files.
  ///
  /// - Parameters:
  ///   - size: The bytes that will be written. Free space is compared with them first.
  ///   - fill: Fills a buffer with the next bytes and returns their number; 0 at the end.
  /// - Returns: The path by which this process opens the file again.
  ///
  /// *Throws:* `SystemError`, with `ENOSPC` where there is too little space; an error of `fill`.
  package static func make(
    size: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws -> String {
    let path = Path.joined(directory, TemporaryName.random())
    let descriptor = try FileSystem.open(path, O_RDWR | O_CREAT | O_EXCL, permissions: 0o600)
    do {
      try FileSystem.remove(path)
      if let free = FileSystem.availableBytes(at: descriptor), free < size {
        throw SystemError(operation: .write, path: path, code: ENOSPC)
      }
      try write(to: descriptor, path, fill)
    } catch {
      close(descriptor)
      throw error
    }
    // It stays open, so that the file stays.
    return "/proc/self/fd/\(descriptor)"
  }

  private static func write(
    to descriptor: Int32, _ path: String, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while case let count = try fill(buffer), count > 0 {
      var written = 0
      while written < count {
        let part = UnsafeRawBufferPointer(rebasing: buffer[written..<count])
        let result = retrying { Glibc.write(descriptor, part.baseAddress, part.count) }
        guard result > 0 else { throw SystemError(operation: .write, path: path, code: errno) }
        written += result
      }
    }
  }
}
