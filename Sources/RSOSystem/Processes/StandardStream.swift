internal import Glibc

/// Whole messages on the standard streams of a process that answers another one.
package enum StandardStream {
  /// Reads `count` bytes from standard input; fewer at its end. Nil if reading fails.
  package static func read(_ count: Int) -> [UInt8]? { read(count, from: STDIN_FILENO) }

  /// Writes all bytes to standard output. False if writing fails.
  package static func write(_ bytes: [UInt8]) -> Bool { write(bytes, to: STDOUT_FILENO) }

  static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count])
        let read = retrying { Glibc.read(descriptor, rest.baseAddress, rest.count) }
        if read < 0 { failed = true }
        guard read > 0 else { return }
        filled += read
      }
    }
    return failed ? nil : bytes
  }

  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        return retrying { Glibc.write(descriptor, rest.baseAddress, rest.count) }
      }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}
