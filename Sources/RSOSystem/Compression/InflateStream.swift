internal import CZlib

/// zlib's state of one stream that is inflated.
struct InflateStream: ~Copyable {
  /// The wrapping of the deflate stream; the values are zlib's window bits.
  enum Format: Int32 {
    /// None, as in zip archives.
    case raw = -15
    case gzip = 31
  }

  enum Outcome {
    /// The stream continues.
    case ok
    case end
    /// No progress without more input, or more room for output.
    case stalled
    case failed(reason: String)
  }

  /// The most bytes that a deflate stream holds for each of its own: 258 in two bits.
  static let largestRatio = 1032

  /// Has an address of its own: zlib keeps it.
  private let stream: UnsafeMutablePointer<z_stream>

  init(_ format: Format) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Without memory for it, the first step fails.
    _ = czlib_inflateInit2(stream, format.rawValue)
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Begins a new stream of the same format.
  mutating func reset() { inflateReset(stream) }

  /// Inflates from the front of `input` to the front of `output`.
  mutating func step(
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
