internal import CZlib

/// The state of zlib for one stream that is being inflated.
package struct InflateStream: ~Copyable {
  /// The container of the deflate stream. The raw values are zlib's window bits.
  package enum Format: Int32 {
    /// No container, as in zip archives.
    case raw = -15
    case gzip = 31
  }

  package enum Outcome {
    /// The stream continues.
    case ok
    case end
    /// No progress without more input, or more room for output.
    case stalled
    case failed(reason: String)
  }

  /// The largest number of uncompressed bytes per byte of a deflate stream: 258 bytes take two
  /// bits.
  package static let largestRatio = 1032

  /// Allocated separately, because zlib stores its address.
  private let stream: UnsafeMutablePointer<z_stream>

  package init(_ format: Format) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // If zlib cannot allocate its state, the first step fails.
    _ = czlib_inflateInit2(stream, format.rawValue)
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Begins a new stream of the same format.
  mutating func reset() { inflateReset(stream) }

  /// Inflates from the start of `input` to the start of `output`. Returns the bytes read and the
  /// bytes written.
  package mutating func step(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (consumed: Int, produced: Int, outcome: Outcome) {
    // zlib counts in 32 bits.
    let (available, room) = (min(input.count, 1 << 30), min(output.count, 1 << 30))
    stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?
      .assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(available)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let status = inflate(stream, Z_NO_FLUSH)
    let outcome: Outcome =
      switch status {
      case Z_OK: .ok
      case Z_STREAM_END: .end
      case Z_BUF_ERROR: .stalled
      default:
        .failed(
          reason: String(
            cString: stream.pointee.msg ?? UnsafeMutablePointer(mutating: zError(status)))
        )
      }
    return (
      available - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out), outcome
    )
  }
}
