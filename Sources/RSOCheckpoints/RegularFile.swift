internal import Glibc

/// Reading a whole file of bounded size.
package enum RegularFile {
  package static func read(_ path: String, maximumBytes: Int) throws(CheckpointError) -> [UInt8] {
    // Not blocking: the name may be a pipe's.
    let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotOpen(path: path, reason: "not a regular file")
    }
    guard status.st_size <= maximumBytes else {
      throw .tooLarge(path: path, bytes: Int(status.st_size), limit: maximumBytes)
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
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
