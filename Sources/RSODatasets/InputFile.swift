import Foundation

/// A regular file open for reading.
struct InputFile: ~Copyable {
  let path: String
  /// Bytes, when it was opened.
  let size: Int
  private let descriptor: Int32

  init(_ url: URL) throws(DatasetError) {
    let path = url.path
    // Not to wait for a writer, should it be a pipe.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .cannotRead(path: path, code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notAFile(path: path)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  /// Reads until the buffer is full or the file ends; returns the number of bytes.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = Foundation.read(descriptor, rest.baseAddress, rest.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path: path, code: errno)
      }
      filled += count
    }
    return filled
  }

  /// All bytes, as many as there were when it was opened.
  func contents() throws(DatasetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    let failure = bytes.withUnsafeMutableBytes { buffer -> DatasetError? in
      do throws(DatasetError) {
        let count = try read(into: buffer)
        return count == size ? nil : .cannotRead(path: path, code: EIO)
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Whether these bytes are in the file at this offset; where reading goes on is as before.
  func holds(_ expected: [UInt8], at offset: Int) -> Bool {
    var bytes = [UInt8](repeating: 0, count: expected.count)
    return pread(descriptor, &bytes, expected.count, off_t(offset)) == expected.count
      && bytes == expected
  }
}
