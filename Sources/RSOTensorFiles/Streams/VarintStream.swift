/// Whole numbers that a protocol buffer has in 1 to 10 bytes each, delivered with a fixed number of bytes.
final class VarintStream: TensorStream {
  private let stream: any TensorStream
  /// Bytes of a delivered number.
  private let width: Int
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  /// The bytes of the buffer that were not taken yet.
  private var waiting = 0..<0

  init(_ stream: any TensorStream, width: Int) {
    self.stream = stream
    self.width = width
  }

  func read(into room: UnsafeMutableRawBufferPointer) throws(TensorStreamError) -> Int {
    var filled = 0
    while filled <= room.count - width, let value = try next() {
      for place in 0..<width {
        room[filled + place] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(place)))
      }
      filled += width
    }
    return filled
  }

  /// Checks that no number follows.
  func finish() throws(TensorStreamError) {
    guard try next() == nil else {
      throw TensorStreamError(problem: "it has more numbers than its shape")
    }
    try stream.finish()
  }

  private func next() throws(TensorStreamError) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = try byte() else {
        guard shift == 0 else { throw TensorStreamError(problem: "its elements end early") }
        return nil
      }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw TensorStreamError(problem: "it has a number of more than 64 bits")
  }

  private func byte() throws(TensorStreamError) -> UInt8? {
    if waiting.isEmpty {
      var failure: TensorStreamError?
      let count = buffer.withUnsafeMutableBytes { room in
        do throws(TensorStreamError) { return try stream.read(into: room) } catch {
          failure = error
          return 0
        }
      }
      if let failure { throw failure }
      guard count > 0 else { return nil }
      waiting = 0..<count
    }
    defer { waiting = waiting.lowerBound + 1..<waiting.upperBound }
    return buffer[waiting.lowerBound]
  }
}
