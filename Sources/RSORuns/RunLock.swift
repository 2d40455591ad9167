internal import Glibc

/// The right to write to a run directory: an advisory lock that ends with the process at the latest,
/// however it ends. The file stays, for its removal would let two processes hold "the" lock.
struct RunLock: ~Copyable {
  private let descriptor: Int32

  /// *Throws:* `RunError.inUse`, naming the holder, if another process has the lock.
  init(path: String, directory: String) throws(RunError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    do throws(RunError) {
      try Self.lock(descriptor, path: path, directory: directory)
    } catch {
      close(descriptor)
      throw error
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

  private static func lock(
    _ descriptor: Int32, path: String, directory: String
  ) throws(RunError) {
    let (attempts, pause) = (50, 20_000 as UInt32)
    var attempt = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      guard code == EWOULDBLOCK else { throw .system(operation: "lock", path: path, code: code) }
      // A holder that is gone, or has not said yet who it is, may be no holder in a moment: a process
      // that it has started shares the lock until it becomes another program.
      let holder = holder(descriptor)
      attempt += 1
      guard holder?.isGone ?? true, attempt < attempts else {
        throw .inUse(path: directory, holder: holder)
      }
      usleep(pause)
    }
  }

  /// Whether the file that was locked still bears the name: one that somebody has removed since it
  /// was opened keeps nobody out.
  private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
    var (mine, named) = (stat(), stat())
    return fstat(descriptor, &mine) == 0 && lstat(path, &named) == 0
      && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino
  }

  private static func holder(_ descriptor: Int32) -> LockHolder? {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return LockHolder(String(decoding: bytes[..<max(0, count)], as: UTF8.self))
  }
}
