internal import Glibc

/// Saving a file so that, whatever happens, its name leads either to the old bytes or to the new
/// ones, all of them, on the disk.
///
/// The bytes go to a temporary file in the target's directory, which is synchronised, read back and
/// compared, and then takes the target's name; at last the directory is synchronised. A name that is
/// a symbolic link is replaced itself; what it led to stays as it is.
package enum DurableFile {
  /// Saves `bytes` under the name `path`.
  ///
  /// *Throws:* `CheckpointError.cannotSave` or `.readBackDiffers`. The temporary file is gone, and
  /// the target as it was, unless only the directory could not be synchronised: then the new bytes
  /// are in place, but a loss of power may still bring back the old ones.
  package static func write(
    _ bytes: [UInt8], to path: String, calls: FileCalls = .system
  ) throws(CheckpointError) {
    let (directory, name) = split(path)
    let parent = retrying { open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard parent >= 0 else { throw failure(path, "open the directory of") }
    defer { close(parent) }
    // The old file stays until the new one is whole, so there must be room for both. Where there is
    // not, nothing is begun that would take the last of it from others.
    if let room = calls.room(parent), room < bytes.count {
      errno = ENOSPC
      throw failure(path, "find \(bytes.count) bytes of room for")
    }
    let saving = Saving(path: path, directory: parent, calls: calls)
    let temporary = try saving.writeTemporary(bytes)
    do throws(CheckpointError) {
      try saving.readBack(temporary, expecting: bytes)
      guard calls.rename(parent, temporary, name) == 0 else { throw failure(path, "rename") }
    } catch {
      unlinkat(parent, temporary, 0)
      throw error
    }
    // EINVAL: a file system that has no such thing for directories.
    guard calls.synchronize(parent) == 0 || errno == EINVAL else {
      throw failure(path, "fsync the directory of")
    }
  }

  /// Removes the temporaries that killed processes left in `directory`, and returns their names. For
  /// the holder of the directory's lock: a temporary of a process that is still writing is removed
  /// as well.
  @discardableResult
  package static func sweepTemporaries(
    in directory: String
  ) throws(CheckpointError) -> [String] {
    let names = try temporaries(in: directory)
    for name in names {
      guard unlink("\(directory)/\(name)") == 0 || errno == ENOENT else {
        throw .cannotSweep(directory: directory, code: errno)
      }
    }
    return names
  }

  /// The names of the temporary files in `directory`: left over, or being written.
  package static func temporaries(in directory: String) throws(CheckpointError) -> [String] {
    guard let stream = opendir(directory) else {
      throw .cannotSweep(directory: directory, code: errno)
    }
    defer { closedir(stream) }
    var found: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if Temporary.isName(name), Temporary.isRegularFile(name, in: dirfd(stream)) {
        found.append(name)
      }
      errno = 0
    }
    guard errno == 0 else { throw .cannotSweep(directory: directory, code: errno) }
    return found.sorted()
  }

  private static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.index(after: slash)...]))
  }

  fileprivate static func failure(_ path: String, _ operation: String) -> CheckpointError {
    .cannotSave(path: path, operation: operation, code: errno)
  }
}

/// The steps of one saving that concern the temporary file.
private struct Saving {
  let path: String
  let directory: Int32
  let calls: FileCalls

  /// Creates a temporary file that holds `bytes` and is synchronised; returns its name.
  func writeTemporary(_ bytes: [UInt8]) throws(CheckpointError) -> String {
    let (descriptor, name) = try createTemporary()
    do throws(CheckpointError) {
      try write(bytes, to: descriptor)
      // Never tried again: after a failure the kernel may take lost pages for written ones.
      guard calls.synchronize(descriptor) == 0 else { throw failure("fsync") }
    } catch {
      _ = calls.close(descriptor)
      unlinkat(directory, name, 0)
      throw error
    }
    // Linux closes a descriptor even when it reports an interruption, or a late failure to write.
    guard calls.close(descriptor) == 0 else {
      let error = failure("close")
      unlinkat(directory, name, 0)
      throw error
    }
    return name
  }

  private func createTemporary() throws(CheckpointError) -> (descriptor: Int32, name: String) {
    for _ in 0..<16 {
      let name = Temporary.name()
      let descriptor = retrying {
        openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      }
      if descriptor >= 0 { return (descriptor, name) }
      guard errno == EEXIST else { break }
    }
    throw failure("create a temporary file beside")
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws(CheckpointError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        retrying {
          calls.write(descriptor, UnsafeRawBufferPointer(rebasing: buffer[written...]))
        }
      }
      if count == 0 { errno = EIO }
      guard count > 0 else { throw failure("write") }
      written += count
    }
  }

  /// Compares what the disk has with what was written.
  func readBack(_ name: String, expecting bytes: [UInt8]) throws(CheckpointError) {
    let descriptor = retrying { openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
    guard descriptor >= 0 else { throw failure("read back") }
    defer { _ = calls.close(descriptor) }
    // Asks for the disk's bytes rather than the cache's; only advice.
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var position = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { buffer in
        retrying { calls.read(descriptor, buffer) }
      }
      guard count >= 0 else { throw failure("read back") }
      if count == 0 { break }
      guard bytes[position...].starts(with: buffer[..<count]) else {
        throw .readBackDiffers(path: path)
      }
      position += count
    }
    guard position == bytes.count else { throw .readBackDiffers(path: path) }
  }

  private func failure(_ operation: String) -> CheckpointError {
    DurableFile.failure(path, operation)
  }
}

/// Names of temporary files: `.rso-`, 16 random hexadecimal digits, `.tmp`.
private enum Temporary {
  private static let (prefix, suffix) = (".rso-", ".tmp")

  static func name() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return prefix + String(repeating: "0", count: 16 - digits.count) + digits + suffix
  }

  static func isName(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
    return digits.utf8.count == 16
      && digits.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  static func isRegularFile(_ name: String, in directory: Int32) -> Bool {
    var status = stat()
    return fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0
      && status.st_mode & S_IFMT == S_IFREG
  }
}
