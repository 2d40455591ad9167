internal import CZlib

/// Deflate streams (RFC 1951) and checksums of whole values, by zlib.
package enum Deflate {
  /// The largest number of uncompressed bytes per byte of a deflate stream.
  package static let largestRatio = InflateStream.largestRatio

  /// Returns the CRC-32 of zip archives and gzip.
  package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0, after: 0) }
  }

  /// Returns the CRC-32 of bytes that follow others.
  ///
  /// - Parameter first: The checksum of the bytes before; 0 if there are none.
  package static func checksum(_ bytes: UnsafeRawBufferPointer, after first: UInt32) -> UInt32 {
    var checksum = UInt(first)
    var rest = bytes[...]
    while !rest.isEmpty {
      // zlib counts in 32 bits.
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      checksum = crc32(
        checksum, part.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(part.count))
      rest = rest.dropFirst(part.count)
    }
    return UInt32(truncatingIfNeeded: checksum)
  }

  /// Inflates a raw deflate stream. Allocates `size` + 1 bytes, whatever the stream holds.
  ///
  /// - Returns: Nil if the stream is damaged, ends before the end of `bytes`, or does not inflate
  ///   to exactly `size` bytes.
  package static func inflate(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    var stream = InflateStream(.raw)
    var isWhole = false
    // Room for one byte more, so that a stream that is too long is noticed.
    var output = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, filled in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size + 1)
      bytes.withUnsafeBytes { source in
        var used = 0
        while true {
          let step = stream.step(
            UnsafeRawBufferPointer(rebasing: source[used...]),
            into: UnsafeMutableRawBufferPointer(rebasing: room[filled...]))
          used += step.consumed
          filled += step.produced
          if case .ok = step.outcome, filled <= size { continue }
          if case .end = step.outcome { isWhole = used == source.count && filled == size }
          return
        }
      }
    }
    guard isWhole else { return nil }
    output.removeLast(output.count - size)
    return output
  }
}
