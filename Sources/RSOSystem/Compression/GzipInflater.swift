/// Inflates a gzip file (RFC 1952), one part after the other.
///
/// Several members in a row are one stream. Any other bytes after the last member are ignored.
/// gzip(1) does the same. The checksum and the length of a member are checked at its end.
struct GzipInflater: ~Copyable {
  static let magic: [UInt8] = [0x1f, 0x8b]

  private var stream = InflateStream(.gzip)
  private let input: UnsafeMutableRawBufferPointer
  /// The bytes of `input` that were read and not yet inflated.
  private var waiting = 0..<0
  private var hasEnded = false

  init() { input = .allocate(byteCount: 1 << 16, alignment: 16) }

  deinit { input.deallocate() }

  /// Reads until the buffer is full or the stream ends. Only this inflater may read from `file`.
  ///
  /// - Returns: The number of bytes read.
  ///
  /// *Throws:* `FileReadError.cannotRead`, `.damaged`.
  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, from file: borrowing InputFile
  ) throws(FileReadError) -> Int {
    var filled = 0
    while filled < buffer.count, !hasEnded {
      try refill(from: file, keeping: 0)
      let step = stream.step(
        UnsafeRawBufferPointer(rebasing: input[waiting]),
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      waiting = (waiting.lowerBound + step.consumed)..<waiting.upperBound
      filled += step.produced
      switch step.outcome {
      case .ok: break
      case .end: try beginMember(of: file)
      case .stalled where waiting.isEmpty:
        throw .damaged(path: file.path, reason: "gzip data ends early")
      case .stalled:
        throw .damaged(path: file.path, reason: "gzip data is corrupt: buffer error")
      case .failed(let reason):
        throw .damaged(path: file.path, reason: "gzip data is corrupt: \(reason)")
      }
    }
    return filled
  }

  /// Begins the next member, if the next bytes look like one.
  private mutating func beginMember(of file: borrowing InputFile) throws(FileReadError) {
    try refill(from: file, keeping: 1)
    if input[waiting].starts(with: Self.magic) {
      stream.reset()
    } else {
      hasEnded = true
    }
  }

  /// Reads more when at most `kept` bytes are waiting.
  private mutating func refill(
    from file: borrowing InputFile, keeping kept: Int
  ) throws(FileReadError) {
    guard waiting.count <= kept else { return }
    input.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[waiting]))
    let count = waiting.count
    let read = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[count...]))
    waiting = 0..<(count + read)
  }
}
