import Foundation

/// Standard error, where it is a terminal that a line can be drawn on again and again.
enum Terminal {
  static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// Whether standard output is a terminal.
  static var showsAnswers: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Characters of a line of standard output.
  static var answerWidth: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Characters of a line; asked anew each time, for windows change.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Goes back to the beginning of the line and clears it.
  static let clearLine = "\r\u{1B}[K"

  /// Leaves a live line behind, where there may be one.
  static var endLine: String { isInteractive ? "\n" : "" }
}
