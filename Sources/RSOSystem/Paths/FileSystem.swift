internal import Glibc

/// The system calls on paths that rso needs. A path is a text of `PathText`: every call gets the
/// original bytes, UTF-8 or not.
package enum FileSystem {
  // MARK: Queries

  /// Returns the status of a file.
  ///
  /// - Parameter followingLinks: False for the status of a symbolic link itself.
  ///
  /// *Throws:* `SystemError`, also if there is no such file.
  package static func status(
    of path: String, followingLinks: Bool = true
  ) throws(SystemError) -> FileStatus {
    var found = stat()
    let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
    let result = withPath(path) { fstatat(AT_FDCWD, $0, &found, flags) }
    guard result == 0 else { throw SystemError(operation: .read, path: path, code: errno) }
    return FileStatus(found)
  }

  /// Returns the status of an open file; nil if the call fails, with `errno`.
  package static func status(of descriptor: Int32) -> FileStatus? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? FileStatus(status) : nil
  }

  /// Returns the time at which a file was last written, in seconds since 1970; nil if there is no such file.
  package static func modificationTime(of path: String) -> Double? {
    var found = stat()
    guard withPath(path, { fstatat(AT_FDCWD, $0, &found, 0) }) == 0 else { return nil }
    return Double(found.st_mtim.tv_sec) + Double(found.st_mtim.tv_nsec) * 1e-9
  }

  /// Tells if a file, directory or other object exists at a path. False for a symbolic link whose
  /// target is missing.
  package static func exists(_ path: String) -> Bool { (try? status(of: path)) != nil }

  /// Tells if this is a regular file, or a symbolic link to one.
  package static func isFile(_ path: String) -> Bool { (try? status(of: path))?.kind == .file }

  /// Tells if this is a directory, or a symbolic link to one.
  package static func isDirectory(_ path: String) -> Bool {
    (try? status(of: path))?.kind == .directory
  }

  /// The rights that `allows` can ask for.
  package enum Access: Sendable {
    case read
    case write
    case execute
  }

  /// Tells if this process has all of these rights. The empty set asks only if the file exists.
  package static func allows(_ rights: Set<Access>, _ path: String) -> Bool {
    var mode = F_OK
    if rights.contains(.read) { mode |= R_OK }
    if rights.contains(.write) { mode |= W_OK }
    if rights.contains(.execute) { mode |= X_OK }
    return withPath(path) { access($0, mode) } == 0
  }

  /// Returns the path without symbolic links, `.` and `..`; nil where there is no such file.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = withPath(path, { realpath($0, nil) }) else { return nil }
    defer { free(resolved) }
    return PathText.text(of: resolved)
  }

  /// Returns the target of a symbolic link; nil if `path` is not a symbolic link.
  package static func linkTarget(of path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = withPath(path) { readlink($0, &buffer, buffer.count) }
    guard length > 0 else { return nil }
    return PathText.text(of: buffer[..<length].map(UInt8.init(bitPattern:)))
  }

  /// Returns the working directory; nil where it was removed.
  package static func workingDirectory() -> String? {
    guard let path = getcwd(nil, 0) else { return nil }
    defer { free(path) }
    return PathText.text(of: path)
  }

  /// Returns the bytes that this user may still write to the file system of an open file; nil where
  /// the system does not tell.
  package static func availableBytes(at descriptor: Int32) -> Int64? {
    var found = statvfs()
    guard fstatvfs(descriptor, &found) == 0 else { return nil }
    return available(found)
  }

  /// Returns the bytes that this user may still write to the file system of a path; nil where the system
  /// does not tell.
  package static func availableBytes(at path: String) -> Int64? {
    var found = statvfs()
    guard withPath(path, { statvfs($0, &found) }) == 0 else { return nil }
    return available(found)
  }

  private static func available(_ found: statvfs) -> Int64? {
    guard found.f_blocks > 0 else { return nil }
    let blocks = geteuid() == 0 ? found.f_bfree : found.f_bavail
    return Int64(clamping: blocks.multipliedReportingOverflow(by: found.f_frsize).partialValue)
  }

  /// Returns the names in a directory, without `.` and `..`, sorted by their bytes.
  ///
  /// *Throws:* `SystemError`.
  package static func names(in directory: String) throws(SystemError) -> [String] {
    guard let stream = withPath(directory, { opendir($0) }) else {
      throw SystemError(operation: .open, path: directory, code: errno)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != [UInt8(ascii: ".")], name != Array("..".utf8) { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw SystemError(operation: .read, path: directory, code: errno) }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { PathText.text(of: $0) }
  }

  // MARK: Opening

  /// Opens a file; the descriptor is not inherited by child processes.
  ///
  /// - Parameters:
  ///   - flags: Of open(2), such as `O_RDONLY`.
  ///   - permissions: The permission bits of a new file, before the umask.
  ///
  /// *Throws:* `SystemError`.
  package static func open(
    _ path: String, _ flags: Int32, permissions: UInt32 = 0o666
  ) throws(SystemError) -> Int32 {
    let descriptor = withPath(path) { path in
      retrying { Glibc.open(path, flags | O_CLOEXEC, mode_t(permissions)) }
    }
    guard descriptor >= 0 else { throw SystemError(operation: .open, path: path, code: errno) }
    return descriptor
  }
}
