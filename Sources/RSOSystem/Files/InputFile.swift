internal import Glibc

/// A regular file that is open for reading.
package struct InputFile: ~Copyable {
  package let path: String
  /// The size in bytes when the file was opened.
  package let size: Int
  /// For child processes, which read from it (see `ChildProcess`), and for mapping the file.
  package let descriptor: Int32

  /// Opens a file.
  ///
  /// *Throws:* `FileReadError.cannotOpen`, also for directories, pipes and devices; it never waits for
  /// a pipe's writer.
  package init(_ path: String) throws(FileReadError) {
    let descriptor: Int32
    do throws(SystemError) {
      descriptor = try FileSystem.open(path, O_RDONLY | O_NONBLOCK)
    } catch {
      throw .cannotOpen(path: path, reason: error.reason)
    }
    guard let status = FileSystem.status(of: descriptor) else {
      let reason = SystemError.text(of: errno)
      close(descriptor)
      throw .cannotOpen(path: path, reason: reason)
    }
    guard status.kind == .file else {
      close(descriptor)
      throw .cannotOpen(path: path, reason: "not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    size = status.size
  }

  deinit { close(descriptor) }

  /// Reads until the buffer is full or the file ends.
  ///
  /// - Returns: The number of bytes read.
  ///
  /// *Throws:* `FileReadError.cannotRead`.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileReadError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = retrying { Glibc.read(descriptor, rest.baseAddress, rest.count) }
      guard count >= 0 else {
        throw .cannotRead(path: path, reason: SystemError.text(of: errno))
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads from `offset` on until the buffer is full or the file ends. The position of `read(into:)` does
  /// not change.
  ///
  /// - Returns: The number of bytes read.
  ///
  /// *Throws:* `FileReadError.cannotRead`.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileReadError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let place = off_t(offset + filled)
      let count = retrying { pread(descriptor, rest.baseAddress, rest.count, place) }
      guard count >= 0 else {
        throw .cannotRead(path: path, reason: SystemError.text(of: errno))
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Returns at most `count` bytes from `offset` on; fewer at the end of the file.
  ///
  /// *Throws:* `FileReadError.cannotRead`.
  package func bytes(_ count: Int, at offset: Int) throws(FileReadError) -> [UInt8] {
    var failure: FileReadError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      do throws(FileReadError) { filled = try read(into: room, at: offset) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Returns the bytes from the current position to the end. Bytes that were added after the file
  /// was opened are left out.
  ///
  /// *Throws:* `FileReadError.tooLarge`, before memory is taken; `.cannotRead`.
  package func contents(maximumBytes: Int) throws(FileReadError) -> [UInt8] {
    guard size <= maximumBytes else {
      throw .tooLarge(path: path, bytes: size, limit: maximumBytes)
    }
    var failure: FileReadError?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size)
      do throws(FileReadError) { filled = try read(into: room) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Tells if the file has these bytes at this offset. The position of reading does not change.
  package func holds(_ expected: [UInt8], at offset: Int) -> Bool {
    var bytes = [UInt8](repeating: 0, count: expected.count)
    let count = retrying { pread(descriptor, &bytes, expected.count, off_t(offset)) }
    return count == expected.count && bytes == expected
  }

  /// Returns all bytes of a file of bounded size.
  ///
  /// *Throws:* `FileReadError`.
  package static func contents(
    of path: String, maximumBytes: Int
  ) throws(FileReadError) -> [UInt8] {
    try InputFile(path).contents(maximumBytes: maximumBytes)
  }
}
