import Foundation

/// Standard output carries the answer, standard error all the rest.
package enum StandardStreams {
  /// Puts something in the place of standard streams that the process was started without, so that no
  /// file of its own takes their numbers and is written to for them. Reading the input and writing the
  /// answer fail as they should; that nobody hears is no failure.
  package static func occupy() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR),
    ] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free, and so this one.
      _ = open("/dev/null", mode)
    }
  }

  /// Writes the answer. Returns the exit status: a reader that went away ends the program quietly,
  /// as a shell expects; an answer that cannot be written is a failure.
  package static func answer(_ text: String) -> Int32 { answer(Array(text.utf8)) }

  /// The same for an answer that is not text.
  static func answer(_ bytes: [UInt8]) -> Int32 {
    let failure = write(bytes, to: STDOUT_FILENO)
    switch failure {
    case 0:
      return 0
    case EPIPE:
      return ExitStatus.signal(SIGPIPE)
    default:
      let program = ProcessInfo.processInfo.processName
      say("\(program): cannot write to standard output: \(systemText(failure))")
      return ExitStatus.inputOutput
    }
  }

  /// Writes to standard error. Returns false where its reader has gone away; that it is closed or
  /// its disk full is no reason to stop.
  @discardableResult
  package static func say(_ text: String, terminator: String = "\n") -> Bool {
    write(Array((text + terminator).utf8), to: STDERR_FILENO) != EPIPE
  }

  /// Writes all of `bytes`. Returns 0 or the error number.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
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
}
