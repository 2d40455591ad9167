import Glibc
import RSOSystem

/// A text file that is written in pieces. If the process ends early, the file is incomplete.
/// `OutputFile` is for files that must be complete.
struct TextOutput: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// Opens the file, or makes it. Its content stays until `empty`.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  init(path: String) throws(CommandError) {
    self.path = path
    do throws(SystemError) {
      descriptor = try FileSystem.open(path, O_WRONLY | O_CREAT | O_APPEND)
    } catch {
      throw CommandError.cannotWrite(path, reason: error.reason)
    }
  }

  deinit { close(descriptor) }

  /// Removes the content.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  func empty() throws(CommandError) {
    // EINVAL: a pipe or a terminal has no length.
    guard ftruncate(descriptor, 0) == 0 || errno == EINVAL else { throw failure(errno) }
  }

  /// Appends text.
  ///
  /// *Throws:* `CommandError.cannotWrite`.
  func write(_ text: String) throws(CommandError) {
    let code = writeAll(Array(text.utf8), to: descriptor)
    guard code == 0 else { throw failure(code) }
  }

  private func failure(_ code: Int32) -> CommandError {
    .cannotWrite(path, reason: SystemError.text(of: code))
  }
}

/// Writes all bytes to an open file. Returns 0 or the error number.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  var written = 0
  while written < bytes.count {
    let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count >= 0 {
      written += count
    } else if errno == EAGAIN {
      var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&ready, 1, -1)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}
