internal import Glibc

/// The right to write to a run directory: an advisory lock that ends with the process at the latest,
/// however it ends. The file stays, for its removal would let two processes hold "the" lock.
struct RunLock: ~Copyable {
  private let descriptor: Int32

  /// *Throws:* `RunError.inUse`, naming the holder, if another process has the lock.
  init(path: String, directory: String) throws(RunError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    guard Self.lock(descriptor) else {
      let code = errno
      let holder = code == EWOULDBLOCK ? Self.holder(descriptor) : nil
      close(descriptor)
      if code == EWOULDBLOCK { throw .inUse(path: directory, holder: holder) }
      throw .system(operation: "lock", path: path, code: code)
    }
    guard Self.isStill(descriptor, at: path) else {
      close(descriptor)
      throw .inUse(path: directory, holder: nil)
    }
    // For people and for the message above; the lock holds whether or not this is written.
    let text = Array(LockHolder.current().text.utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    self.descriptor = descriptor
  }

  deinit {
    // A name that stayed would be told of as the holder to whoever comes between two others.
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  private static func lock(_ descriptor: Int32) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno != EINTR { return false }
    }
    return true
  }

  /// Whether the file that was locked still bears the name: one that somebody has removed since it
  /// was opened keeps nobody out.
  private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
    var (mine, named) = (stat(), stat())
    return fstat(descriptor, &mine) == 0 && lstat(path, &named) == 0
      && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino
  }

  private static func holder(_ descriptor: Int32) -> LockHolder? {
    // The lock is taken before the name is written.
    for attempt in 0..<5 {
      if attempt > 0 { usleep(10_000) }
      var bytes = [UInt8](repeating: 0, count: 512)
      let count = pread(descriptor, &bytes, bytes.count, 0)
      guard count > 0 else { continue }
      if let holder = LockHolder(String(decoding: bytes[..<count], as: UTF8.self)) { return holder }
    }
    return nil
  }
}
