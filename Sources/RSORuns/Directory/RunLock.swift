internal import Glibc
import RSOSystem

/// The sole right to write to a run directory: an advisory lock. It ends when the process ends, in
/// whatever way.
///
/// The file stays. If it were removed, two processes could each hold the lock of a file of this name.
struct RunLock: ~Copyable {
  /// The file is locked. False where the file system has no locks and none is required.
  let isHeld: Bool
  private let descriptor: Int32

  /// *Throws:* `RunError.inUse`, naming the holder, if another process has the lock;
  /// `RunError.noLocks` if the file system has no locks; `RunError.system`.
  init(path: String, directory: String, locking: Locking) throws(RunError) {
    let descriptor: Int32
    do throws(SystemError) {
      descriptor = try FileSystem.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, permissions: 0o644)
    } catch {
      throw .system(error)
    }
    let isHeld: Bool
    do throws(RunError) {
      isHeld = try Self.lock(descriptor, path: path, directory: directory, locking)
    } catch {
      close(descriptor)
      throw error
    }
    guard Self.isStill(descriptor, at: path) else {
      close(descriptor)
      throw .inUse(path: directory, holder: nil)
    }
    // For people and for error messages. The lock holds even if this is not written.
    let text = Array(LockHolder.current().text.utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    self.descriptor = descriptor
    self.isHeld = isHeld
  }

  /// Returns true if another process has the lock. Takes no lock for longer than the question, and
  /// writes nothing.
  static func isTaken(_ path: String, locking: Locking) -> Bool {
    guard let descriptor = try? FileSystem.open(path, O_RDWR | O_NOFOLLOW) else { return false }
    defer { close(descriptor) }
    let code = locking.lock(descriptor)
    if Locking.unsupported.contains(code) { return holder(descriptor)?.isRunningHere ?? false }
    return code == EWOULDBLOCK
  }

  deinit {
    // Otherwise this process would be reported as the holder when another one next fails to lock.
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  /// Returns false if the file system has no locks and none is required.
  private static func lock(
    _ descriptor: Int32, path: String, directory: String, _ locking: Locking
  ) throws(RunError) -> Bool {
    let (attempts, pause) = (50, 20_000 as UInt32)
    var attempt = 0
    while true {
      let code = locking.lock(descriptor)
      if code == 0 { return true }
      if code == EINTR { continue }
      if Locking.unsupported.contains(code) {
        guard locking.isOptional else { throw .noLocks(path: path, code: code) }
        try requireNobody(descriptor, directory: directory)
        return false
      }
      guard code == EWOULDBLOCK else {
        throw .system(SystemError(operation: .lock, path: path, code: code))
      }
      // A holder that has ended, or has not written its name yet, may be gone in a moment: a process
      // that it has started shares the lock until it becomes another program.
      let holder = holder(descriptor)
      attempt += 1
      guard holder?.isGone ?? true, attempt < attempts else {
        throw .inUse(path: directory, holder: holder)
      }
      usleep(pause)
    }
  }

  /// Checks the holder that the file names, because there is no lock. Only a holder on this host
  /// can be checked.
  ///
  /// *Throws:* `RunError.inUse`.
  private static func requireNobody(_ descriptor: Int32, directory: String) throws(RunError) {
    guard let holder = holder(descriptor), holder.isRunningHere else { return }
    throw .inUse(path: directory, holder: holder)
  }

  /// Returns true if the locked file still has this name. A lock on a file that was removed or replaced
  /// since it was opened keeps nobody out.
  private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
    guard let mine = FileSystem.status(of: descriptor),
      let named = try? FileSystem.status(of: path, followingLinks: false)
    else { return false }
    return mine.isSameFile(as: named)
  }

  private static func holder(_ descriptor: Int32) -> LockHolder? {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return LockHolder(String(decoding: bytes[..<max(0, count)], as: UTF8.self))
  }
}
