import Glibc

/// Standard input and output.
enum StandardStreams {
  /// Reads `count` bytes; nil if the input ends before.
  static func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let number = bytes.withUnsafeMutableBytes {
        Glibc.read(STDIN_FILENO, $0.baseAddress! + filled, count - filled)
      }
      if number < 0, errno == EINTR { continue }
      guard number > 0 else { return nil }
      filled += number
    }
    return bytes
  }

  /// Writes all bytes; false if nobody reads them.
  static func write(_ bytes: [UInt8]) -> Bool {
    var written = 0
    while written < bytes.count {
      let number = bytes.withUnsafeBytes {
        Glibc.write(STDOUT_FILENO, $0.baseAddress! + written, bytes.count - written)
      }
      if number < 0, errno == EINTR { continue }
      guard number > 0 else { return false }
      written += number
    }
    return true
  }
}
