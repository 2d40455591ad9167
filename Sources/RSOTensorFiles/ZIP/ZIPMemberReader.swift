import RSOSystem

/// Reads one member of a zip archive in a file, one part after the other. Memory: 64 KiB.
struct ZIPMemberReader: ~Copyable {
  private let entry: ZIPDirectory.Entry
  /// The bytes in the archive that were not read yet.
  private var content: Range<Int>
  private var inflater: InflateStream?
  private let input: UnsafeMutableRawBufferPointer
  /// The bytes of `input` that were read and not yet inflated.
  private var waiting = 0..<0
  private var hasEnded = false
  private var checksum: UInt32 = 0
  /// Unpacked bytes so far.
  private var position = 0

  /// - Parameter content: The place of the stored bytes, within the file.
  ///
  /// *Throws:* `ZIPError` for an unknown method of compression, and for sizes that contradict each other.
  init(_ entry: ZIPDirectory.Entry, _ content: Range<Int>) throws(ZIPError) {
    try ZIPReader.checkSizes(of: entry)
    self.entry = entry
    self.content = content
    inflater = entry.method == ZIPArchive.deflated ? InflateStream(.raw) : nil
    input = .allocate(byteCount: 1 << 16, alignment: 16)
  }

  deinit { input.deallocate() }

  /// Reads until the buffer is full or the member ends.
  ///
  /// - Returns: The number of bytes read.
  ///
  /// *Throws:* `ZIPError`; at the end also where size or checksum differ from the directory.
  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, from file: borrowing InputFile
  ) throws(ZIPError) -> Int {
    let count =
      inflater == nil ? try copy(into: buffer, from: file) : try inflate(into: buffer, from: file)
    position += count
    guard position <= entry.size else { throw damaged }
    checksum = Deflate.checksum(UnsafeRawBufferPointer(rebasing: buffer[..<count]), after: checksum)
    if count < buffer.count { try finish() }
    return count
  }

  private func finish() throws(ZIPError) {
    guard position == entry.size else { throw damaged }
    guard checksum == entry.checksum else {
      throw ZIPError(problem: "the CRC-32 of \(subject) differs")
    }
  }

  private mutating func copy(
    into buffer: UnsafeMutableRawBufferPointer, from file: borrowing InputFile
  ) throws(ZIPError) -> Int {
    let wanted = min(buffer.count, content.count)
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
    let count = try Self.read(into: room, from: file, at: content.lowerBound)
    guard count == wanted else { throw ZIPError(problem: "it has become shorter") }
    content = (content.lowerBound + count)..<content.upperBound
    return count
  }

  private mutating func inflate(
    into buffer: UnsafeMutableRawBufferPointer, from file: borrowing InputFile
  ) throws(ZIPError) -> Int {
    var filled = 0
    while filled < buffer.count, !hasEnded {
      if waiting.isEmpty {
        let room = UnsafeMutableRawBufferPointer(
          rebasing: input[..<min(input.count, content.count)])
        let count = try Self.read(into: room, from: file, at: content.lowerBound)
        content = (content.lowerBound + count)..<content.upperBound
        waiting = 0..<count
      }
      guard
        let step = inflater?.step(
          UnsafeRawBufferPointer(rebasing: input[waiting]),
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      else { throw damaged }
      waiting = (waiting.lowerBound + step.consumed)..<waiting.upperBound
      filled += step.produced
      switch step.outcome {
      case .ok: break
      case .end:
        guard waiting.isEmpty, content.isEmpty else { throw damaged }
        hasEnded = true
      case .stalled, .failed: throw damaged
      }
    }
    return filled
  }

  private static func read(
    into room: UnsafeMutableRawBufferPointer, from file: borrowing InputFile, at offset: Int
  ) throws(ZIPError) -> Int {
    do throws(FileReadError) { return try file.read(into: room, at: offset) } catch {
      throw ZIPError(problem: error.reason)
    }
  }

  private var subject: String { "member \(quoted(entry.name))" }

  private var damaged: ZIPError {
    ZIPError(problem: "the compressed data of \(subject) are damaged")
  }
}
