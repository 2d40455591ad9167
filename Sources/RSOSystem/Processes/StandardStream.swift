internal import Glibc

/// Whole messages on the standard streams of a process that answers another one.
package enum StandardStream {
  /// Reads `count` bytes from standard input; fewer at its end. Nil if reading fails.
  package static func read(_ count: Int) -> [UInt8]? { read(count, from: STDIN_FILENO) }

  /// Writes all bytes to standard output. False if writing fails.
  package static func write(_ bytes: [UInt8]) -> Bool { write(bytes, to: STDOUT_FILENO) }

  /// Writes all bytes to standard output. False if writing fails.
  package static func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    write(bytes, to: STDOUT_FILENO)
  }

  /// Reads from standard input until the buffer is full or the input ends. Returns the number of bytes; nil
  /// if reading fails.
  package static func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    read(into: buffer, from: STDIN_FILENO)
  }

  static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      let read = read(into: room, from: descriptor)
      failed = read == nil
      filled = read ?? 0
    }
    return failed ? nil : bytes
  }

  private static func read(
    into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32
  ) -> Int? {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let read = retrying { Glibc.read(descriptor, rest.baseAddress, rest.count) }
      guard read >= 0 else { return nil }
      if read == 0 { break }
      filled += read
    }
    return filled
  }

  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { write($0, to: descriptor) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = retrying { Glibc.write(descriptor, rest.baseAddress, rest.count) }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}
