internal import Glibc

/// The right to write to a run directory: an advisory lock that ends with the process at the latest,
/// however it ends. The file stays, for its removal would let two processes hold "the" lock.
struct RunLock: ~Copyable {
  private let descriptor: Int32

  /// *Throws:* `RunError.inUse`, naming the holder, if another process has the lock.
  init(path: String, directory: String) throws(RunError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = code == EWOULDBLOCK ? Self.holder(descriptor) : nil
      close(descriptor)
      if code == EWOULDBLOCK { throw .inUse(path: directory, process: holder) }
      throw .system(operation: "lock", path: path, code: code)
    }
    // For people and for the message above; the lock holds whether or not this is written.
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func holder(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
  }
}
