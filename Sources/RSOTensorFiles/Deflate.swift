internal import CZlib

/// zlib on whole values (RFC 1951).
enum Deflate {
  /// No deflate stream holds more bytes than this for each of its own: 258 in two bits.
  static let largestRatio = 1032

  /// The CRC-32 that zip archives use.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var checksum = crc32(0, nil, 0)
    var rest = bytes
    while !rest.isEmpty {
      let part = rest.prefix(1 << 30)
      checksum = part.withUnsafeBytes { buffer in
        crc32(
          checksum, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(buffer.count))
      }
      rest = rest.dropFirst(part.count)
    }
    return UInt32(truncatingIfNeeded: checksum)
  }

  /// The bytes of a raw deflate stream, which must take up all of `bytes` and have `size` bytes;
  /// never more are written. Nil otherwise, and for more than zlib's 4 GiB.
  static func inflate(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    guard let sourceCount = UInt32(exactly: bytes.count), UInt32(exactly: size) != nil else {
      return nil
    }
    var stream = z_stream()
    guard czlib_inflateInit2(&stream, -15) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var isWhole = false
    // One byte more than there should be, so that one too many is seen.
    var output = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, filled in
      bytes.withUnsafeBytes { source in
        stream.next_in = UnsafeMutableRawPointer(mutating: source.baseAddress)?
          .assumingMemoryBound(to: UInt8.self)
        stream.avail_in = sourceCount
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(clamping: size + 1)
        let status = CZlib.inflate(&stream, Z_FINISH)
        filled = size + 1 - Int(stream.avail_out)
        isWhole = status == Z_STREAM_END && stream.avail_in == 0 && filled == size
      }
    }
    guard isWhole else { return nil }
    output.removeLast(output.count - size)
    return output
  }
}
