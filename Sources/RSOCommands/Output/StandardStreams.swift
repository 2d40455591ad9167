import Glibc
import RSOSystem

/// Standard output carries the answer, standard error everything else.
package enum StandardStreams {
  /// Opens the standard streams that the process was started without on `/dev/null`, so that no other
  /// file gets their numbers. Reading the input and writing the answer then fail, as they should;
  /// messages are lost.
  package static func occupy() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR),
    ] where fcntl(descriptor, F_GETFD) < 0 {
      // open(2) gives the lowest free number, which is this one.
      _ = open("/dev/null", mode)
    }
  }

  /// Writes the answer and returns the exit status. A reader that has gone away ends the program
  /// quietly, as a shell expects; any other failure is reported.
  ///
  /// - Parameter program: The name that a message begins with.
  package static func answer(_ text: String, of program: String) -> Int32 {
    answer(Array(text.utf8), of: program)
  }

  /// Writes an answer that is not text.
  static func answer(_ bytes: [UInt8], of program: String) -> Int32 {
    let failure = writeAll(bytes, to: STDOUT_FILENO)
    switch failure {
    case 0:
      return 0
    case EPIPE:
      return ExitStatus.signal(SIGPIPE)
    default:
      say("\(program): cannot write to standard output: \(SystemError.text(of: failure))")
      return ExitStatus.inputOutput
    }
  }

  /// Writes to standard error. Returns false if its reader has gone away; a closed stream or a full
  /// disk is no reason to stop.
  @discardableResult
  package static func say(_ text: String, terminator: String = "\n") -> Bool {
    writeAll(Array((text + terminator).utf8), to: STDERR_FILENO) != EPIPE
  }
}
