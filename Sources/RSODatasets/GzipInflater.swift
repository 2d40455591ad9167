internal import CZlib

/// The uncompressed bytes of a gzip file, as many as are asked for and no more (RFC 1952).
///
/// Members that follow one another are one stream, and what follows the last member without being
/// another is ignored, both as gzip does. Checksums and lengths are verified where a member ends.
struct GzipInflater: ~Copyable {
  static let magic: [UInt8] = [0x1f, 0x8b]
  /// No deflate stream holds more bytes than this for each of its own: 258 in two bits.
  static let largestRatio = 1032

  /// Has an address of its own: zlib keeps it.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private var ended = false

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: 1 << 16, alignment: 16)
    // 15 bits of window, and 16 to say: gzip only.
    // Should there be no memory for it, the first read fails.
    _ = czlib_inflateInit2(stream, 15 + 16)
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Reads until the buffer is full or the stream ends, from a file that nobody else reads; returns
  /// the number of bytes.
  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, from file: borrowing InputFile
  ) throws(DatasetError) -> Int {
    var filled = 0
    while filled < buffer.count, !ended {
      try refill(from: file, keeping: 0)
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let room = min(rest.count, 1 << 30)
      stream.pointee.next_out = rest.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(room)
      let status = inflate(stream, Z_NO_FLUSH)
      filled += room - Int(stream.pointee.avail_out)
      switch status {
      case Z_OK: break
      case Z_STREAM_END: try beginMember(of: file)
      case Z_BUF_ERROR where stream.pointee.avail_in == 0: throw .gzipEndsEarly(path: file.path)
      default: throw failure(status, file.path)
      }
    }
    return filled
  }

  /// Turns to the next member, if what follows looks like one.
  private mutating func beginMember(of file: borrowing InputFile) throws(DatasetError) {
    try refill(from: file, keeping: 1)
    let next = UnsafeRawBufferPointer(start: stream.pointee.next_in, count: available)
    if next.starts(with: Self.magic) {
      inflateReset(stream)
    } else {
      ended = true
    }
  }

  private var available: Int { Int(stream.pointee.avail_in) }

  /// Reads on when no more than `kept` bytes wait to be inflated.
  private mutating func refill(
    from file: borrowing InputFile, keeping kept: Int
  ) throws(DatasetError) {
    guard available <= kept else { return }
    let waiting = UnsafeRawBufferPointer(start: stream.pointee.next_in, count: available)
    input.copyMemory(from: waiting)
    let read = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[available...]))
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in += UInt32(read)
  }

  private func failure(_ status: Int32, _ path: String) -> DatasetError {
    let reason = stream.pointee.msg.map { String(cString: $0) } ?? String(cString: zError(status))
    return .gzipCorrupt(path: path, reason: reason)
  }
}
