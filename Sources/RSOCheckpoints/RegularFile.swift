internal import Glibc

/// Reading a whole file of bounded size.
package enum RegularFile {
  package static func read(_ path: String, maximumBytes: Int) throws(CheckpointError) -> [UInt8] {
    let (descriptor, size) = try open(path)
    defer { close(descriptor) }
    guard size <= maximumBytes else {
      throw .tooLarge(path: path, bytes: size, limit: maximumBytes)
    }
    return try read(descriptor, count: size, path: path)
  }

  /// Reads the first bytes of a file, at most `bytes`; returns the size of the whole file as well.
  package static func beginning(
    of path: String, bytes: Int
  ) throws(CheckpointError) -> (bytes: [UInt8], size: Int) {
    let (descriptor, size) = try open(path)
    defer { close(descriptor) }
    return (try read(descriptor, count: min(bytes, size), path: path), size)
  }

  private static func open(
    _ path: String
  ) throws(CheckpointError) -> (descriptor: Int32, size: Int) {
    // Not blocking: the name may be a pipe's.
    let descriptor = retrying { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw failure(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = failure(path)
      close(descriptor)
      throw error
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .cannotOpen(path: path, reason: "not a regular file")
    }
    return (descriptor, Int(status.st_size))
  }

  private static func read(
    _ descriptor: Int32, count: Int, path: String
  ) throws(CheckpointError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        return retrying { Glibc.read(descriptor, rest.baseAddress, rest.count) }
      }
      guard count >= 0 else {
        throw .cannotRead(path: path, reason: CheckpointError.text(of: errno))
      }
      // A file that shrinks while it is read is what is left of it.
      guard count > 0 else { return Array(bytes[..<filled]) }
      filled += count
    }
    return bytes
  }

  private static func failure(_ path: String) -> CheckpointError {
    .cannotOpen(path: path, reason: CheckpointError.text(of: errno))
  }
}

/// Makes a system call again for as long as a signal interrupts it.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
