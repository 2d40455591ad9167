internal import Glibc

/// The way in which a process takes the sole right to write to a directory.
package struct Locking: Sendable {
  /// True to continue without a lock if the file system has none (`--no-lock`).
  package var isOptional: Bool
  /// Locks an open file for this process alone, without waiting. Returns 0 or an error number. A test
  /// replaces it.
  package var lock: @Sendable (_ descriptor: Int32) -> Int32

  package init(
    isOptional: Bool = false,
    lock: @escaping @Sendable (_ descriptor: Int32) -> Int32 = {
      flock($0, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
    }
  ) {
    self.isOptional = isOptional
    self.lock = lock
  }

  /// The error numbers for a file system without locks, such as NFS without its lock service.
  static let unsupported: Set<Int32> = [ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL]
}
