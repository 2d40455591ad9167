import Glibc

/// The terminal on standard error and standard output.
enum Terminal {
  /// True if standard error is a terminal that can draw a line again.
  static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// True if standard output is a terminal.
  static var showsAnswers: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The width of standard output in characters; 80 without a terminal.
  static var answerWidth: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// The width of standard error in characters. It may change with the window.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// The height of standard error in lines. It may change with the window.
  static var height: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
    return Int(size.ws_row)
  }

  /// Ends a live line, if there may be one.
  static var endLine: String { isInteractive ? "\n" : "" }
}
