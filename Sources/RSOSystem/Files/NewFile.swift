internal import Glibc

/// A file that is being written under a temporary name in the directory of its target: the steps of
/// `DurableFile.write`.
///
/// A class, because it owns two open files, its position and the checksums of what was written.
package final class NewFile {
  /// Bytes that were written one after the other.
  private struct Run {
    let start: Int
    var count = 0
    var checksum: UInt32 = 0
    var end: Int { start + count }
  }

  /// The path of the temporary file, for a library that makes the content itself.
  package let path: String
  private let target: String
  private let (temporaryName, targetName): (String, String)
  private let directory: Int32
  private var descriptor: Int32
  private let calls: FileCalls
  private var runs: [Run] = []

  /// Makes the temporary file.
  ///
  /// - Parameter size: The bytes that will be written. The old file stays until the new one is complete, so the
  ///   disk must hold both. If there is no room for both, nothing is written: other programs keep the
  ///   last free space.
  init(for target: String, size: Int, calls: FileCalls) throws(DurableFileError) {
    let (parent, name) = Self.split(target)
    do throws(SystemError) {
      directory = try FileSystem.open(parent, O_RDONLY | O_DIRECTORY)
    } catch {
      throw .cannotSave(path: target, operation: "open the directory of", code: error.code)
    }
    do throws(DurableFileError) {
      if let room = calls.room(directory), room < size {
        throw .cannotSave(
          path: target, operation: "find \(size) bytes of room for", code: ENOSPC)
      }
      (descriptor, temporaryName) = try Self.makeTemporary(in: directory, target)
    } catch {
      close(directory)
      throw error
    }
    path = Path.joined(parent, temporaryName)
    (self.target, targetName, self.calls) = (target, name, calls)
  }

  deinit { close(directory) }

  private static func makeTemporary(
    in directory: Int32, _ target: String
  ) throws(DurableFileError) -> (descriptor: Int32, name: String) {
    for _ in 0..<16 {
      let name = TemporaryName.random()
      let descriptor = retrying {
        openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      }
      if descriptor >= 0 { return (descriptor, name) }
      guard errno == EEXIST else { break }
    }
    throw .cannotSave(
      path: target, operation: "create a temporary file beside", code: errno)
  }

  /// The directory and the name of a path, as rename(2) takes them: the name of `folder/` is empty.
  private static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.utf8.index(after: slash)...]))
  }

  // MARK: Writing

  /// Writes bytes after those that were written last; the first ones at the start.
  ///
  /// *Throws:* `DurableFileError`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(DurableFileError) {
    var written = 0
    while written < bytes.count {
      let count = retrying {
        calls.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
      }
      if count == 0 { errno = EIO }
      guard count > 0 else { throw failure("write") }
      written += count
    }
    if runs.isEmpty { runs.append(Run(start: 0)) }
    let last = runs.count - 1
    runs[last].checksum = Deflate.checksum(bytes, after: runs[last].checksum)
    runs[last].count += bytes.count
  }

  /// Goes to an offset; what is written next begins there.
  ///
  /// *Throws:* `DurableFileError`.
  package func seek(to offset: Int) throws(DurableFileError) {
    guard lseek(descriptor, offset, SEEK_SET) == offset else { throw failure("write") }
    if runs.last?.end != offset { runs.append(Run(start: offset)) }
  }

  // MARK: Saving

  /// Synchronises the file, reads it back, and gives it the name of its target.
  ///
  /// - Parameter bytes: The whole content, to be compared with the disk's; nil to compare checksums.
  func save(comparing bytes: [UInt8]?) throws(DurableFileError) {
    // Not retried: after a failed fsync the kernel may mark lost pages as written.
    guard calls.synchronize(descriptor) == 0 else { throw failure("fsync") }
    // Linux closes a descriptor even when it reports an interruption, or a late failure to write.
    guard closeDescriptor() == 0 else { throw failure("close") }
    let written = retrying {
      openat(directory, temporaryName, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    }
    guard written >= 0 else { throw failure("read back") }
    defer { _ = calls.close(written) }
    // Asks for the disk's bytes rather than the cache's; the kernel may ignore it.
    posix_fadvise(written, 0, 0, POSIX_FADV_DONTNEED)
    let isRight =
      if let bytes { try compare(written, bytes) } else { try compareChecksums(written) }
    guard isRight else { throw .readBackDiffers(path: target) }
    guard calls.rename(directory, temporaryName, targetName) == 0 else { throw failure("rename") }
  }

  /// Removes the temporary file.
  func discard() {
    _ = closeDescriptor()
    unlinkat(directory, temporaryName, 0)
  }

  /// Synchronises the directory.
  func synchronizeDirectory() throws(DurableFileError) {
    // EINVAL: a file system that cannot synchronise directories.
    guard calls.synchronize(directory) == 0 || errno == EINVAL else {
      throw failure("fsync the directory of")
    }
  }

  private func closeDescriptor() -> Int32 {
    guard descriptor >= 0 else { return 0 }
    defer { descriptor = -1 }
    return calls.close(descriptor)
  }

  private func compare(
    _ written: Int32, _ bytes: [UInt8]
  ) throws(DurableFileError) -> Bool {
    var position = 0
    var isEqual = true
    try readAll(from: written) { part in
      isEqual = bytes[position...].starts(with: part)
      position += part.count
      return isEqual
    }
    return isEqual && position == bytes.count
  }

  private func compareChecksums(_ written: Int32) throws(DurableFileError) -> Bool {
    for run in runs {
      guard lseek(written, run.start, SEEK_SET) == run.start else { throw failure("read back") }
      var rest = run.count
      var checksum: UInt32 = 0
      try readAll(from: written) { part in
        let wanted = UnsafeRawBufferPointer(rebasing: part.prefix(rest))
        checksum = Deflate.checksum(wanted, after: checksum)
        rest -= wanted.count
        return rest > 0
      }
      guard rest == 0, checksum == run.checksum else { return false }
    }
    return true
  }

  /// Reads from the position on, until the file ends or no more is wanted.
  private func readAll(
    from written: Int32, _ wantsMore: (UnsafeRawBufferPointer) -> Bool
  ) throws(DurableFileError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = retrying { calls.read(written, buffer) }
      guard count >= 0 else { throw failure("read back") }
      guard count > 0, wantsMore(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else {
        return
      }
    }
  }

  /// The error of a step that has just failed, with its `errno`.
  private func failure(_ operation: String) -> DurableFileError {
    .cannotSave(path: target, operation: operation, code: errno)
  }
}
