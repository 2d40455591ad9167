internal import HDF5
internal import RSOSystem

/// The elements of an array, or of one array after the other, as libhdf5's process sends them. The process ends
/// with the value.
package struct ArrayElements: ~Copyable {
  private let process: ChildProcess
  private var path: String
  private let source: ContentsProcess
  /// The bytes of the current frame that are still to come.
  private var rest = 0
  private var hasEnded = false
  private var hasReaped = false

  init(_ process: consuming ChildProcess, path: String, of source: ContentsProcess) {
    self.process = process
    self.path = path
    self.source = source
  }

  deinit {
    guard !hasReaped else { return }
    process.terminate()
    _ = process.reap()
  }

  /// Reads until the buffer is full or the elements end.
  ///
  /// - Returns: The number of bytes read; 0 at the end.
  ///
  /// *Throws:* `HDF5Error`, `ContentsProcessError`.
  package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count, !hasEnded {
      if rest == 0 {
        try beginFrame()
        continue
      }
      let room = UnsafeMutableRawBufferPointer(
        rebasing: buffer[filled..<min(buffer.count, filled + rest)])
      guard process.read(into: room) == room.count else { throw failure() }
      filled += room.count
      rest -= room.count
    }
    return filled
  }

  /// Goes to the next array, when the elements of one have been read.
  mutating func begin(_ path: String) {
    self.path = path
    hasEnded = hasReaped
  }

  private mutating func beginFrame() throws {
    guard let length = nextLength() else { throw failure() }
    if length == 0 {
      hasEnded = true
      return
    }
    guard length == HDF5ArrayFrames.failure else {
      guard length <= HDF5ArrayFrames.largest else { throw failure() }
      rest = Int(length)
      return
    }
    guard let count = nextLength(), count <= 1 << 16 else { throw failure() }
    var text = [UInt8](repeating: 0, count: Int(count))
    guard text.withUnsafeMutableBytes({ process.read(into: $0) }) == text.count else {
      throw failure()
    }
    hasEnded = true
    throw HDF5Error.unsuitable(object: path, problem: String(decoding: text, as: UTF8.self))
  }

  private func nextLength() -> UInt32? {
    var length: UInt32 = 0
    let count = withUnsafeMutableBytes(of: &length) { process.read(into: $0) }
    return count == 4 ? UInt32(littleEndian: length) : nil
  }

  /// The error of a process that has ended early, or sends what is no frame.
  private mutating func failure() -> ContentsProcessError {
    hasEnded = true
    process.terminate()
    hasReaped = true
    return source.failure(process.reap(), hasAnswered: false)
  }
}
