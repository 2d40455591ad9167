internal import Glibc

extension FileSystem {
  /// Renames a file. A file that already has the new name is replaced.
  ///
  /// *Throws:* `SystemError`.
  package static func rename(_ old: String, to new: String) throws(SystemError) {
    try check(.rename, old, withPath(old) { old in withPath(new) { Glibc.rename(old, $0) } })
  }

  /// Removes a file. Fails for a directory.
  ///
  /// *Throws:* `SystemError`.
  package static func remove(_ path: String) throws(SystemError) {
    try check(.remove, path, withPath(path) { unlink($0) })
  }

  /// Removes an empty directory.
  ///
  /// *Throws:* `SystemError`.
  package static func removeDirectory(_ path: String) throws(SystemError) {
    try check(.remove, path, withPath(path) { rmdir($0) })
  }

  /// Removes a file, or a directory with everything in it. Symbolic links are removed themselves.
  ///
  /// *Throws:* `SystemError`.
  package static func removeTree(_ path: String) throws(SystemError) {
    guard try status(of: path, followingLinks: false).kind == .directory else {
      return try remove(path)
    }
    for name in try names(in: path) { try removeTree(Path.joined(path, name)) }
    try removeDirectory(path)
  }

  /// Makes a directory. Its parent must exist.
  ///
  /// *Throws:* `SystemError`, also if something has that name.
  package static func makeDirectory(
    _ path: String, permissions: UInt32 = 0o777
  ) throws(SystemError) {
    try check(.makeDirectory, path, withPath(path) { mkdir($0, mode_t(permissions)) })
  }

  /// Makes a directory and its missing parents. Does nothing if it exists.
  ///
  /// *Throws:* `SystemError`, also if a file has that name.
  package static func makeDirectories(_ path: String) throws(SystemError) {
    if isDirectory(path) { return }
    let parent = Path.parent(of: path)
    if parent != path, !exists(parent) { try makeDirectories(parent) }
    do throws(SystemError) {
      try makeDirectory(path)
    } catch {
      // Another process may have made it meanwhile.
      guard error.code == EEXIST, isDirectory(path) else { throw error }
    }
  }

  private static func check(
    _ operation: SystemError.Operation, _ path: String, _ result: Int32
  ) throws(SystemError) {
    guard result == 0 else { throw SystemError(operation: operation, path: path, code: errno) }
  }
}
