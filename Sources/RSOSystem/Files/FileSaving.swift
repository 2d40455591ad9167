internal import Glibc

/// The steps of `DurableFile.write` that concern the temporary file.
struct FileSaving {
  let path: String
  /// The descriptor of the directory that `path` is in.
  let directory: Int32
  let calls: FileCalls

  /// Writes `bytes` to a new temporary file, synchronises it, and returns its name.
  func writeTemporary(_ bytes: [UInt8]) throws(DurableFileError) -> String {
    let (descriptor, name) = try createTemporary()
    do throws(DurableFileError) {
      try write(bytes, to: descriptor)
      // Not retried: after a failed fsync the kernel may mark lost pages as written.
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

  private func createTemporary() throws(DurableFileError) -> (descriptor: Int32, name: String) {
    for _ in 0..<16 {
      let name = TemporaryName.random()
      let descriptor = retrying {
        openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      }
      if descriptor >= 0 { return (descriptor, name) }
      guard errno == EEXIST else { break }
    }
    throw failure("create a temporary file beside")
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws(DurableFileError) {
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

  /// Compares the bytes on the disk with those that were written.
  func readBack(_ name: String, expecting bytes: [UInt8]) throws(DurableFileError) {
    let descriptor = retrying { openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
    guard descriptor >= 0 else { throw failure("read back") }
    defer { _ = calls.close(descriptor) }
    // Asks for the disk's bytes rather than the cache's; the kernel may ignore it.
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

  /// The error of a step that has just failed, with its `errno`.
  func failure(_ operation: String) -> DurableFileError {
    .cannotSave(path: path, operation: operation, code: errno)
  }
}
