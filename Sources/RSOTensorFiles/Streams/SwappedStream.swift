/// Numbers of another stream with their bytes in reverse order.
final class SwappedStream: TensorStream {
  private let stream: any TensorStream
  private let width: Int

  /// - Parameter width: The bytes of a number, 2 or more; of a complex number, those of a part.
  init(_ stream: any TensorStream, width: Int) {
    self.stream = stream
    self.width = width
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TensorStreamError) -> Int {
    let whole = buffer.count / width * width
    let count = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<whole]))
    guard count % width == 0 else {
      throw TensorStreamError(problem: "its elements end within a number")
    }
    switch width {
    case 2: swap(buffer, count, UInt16.self)
    case 4: swap(buffer, count, UInt32.self)
    default: swap(buffer, count, UInt64.self)
    }
    return count
  }

  func finish() throws(TensorStreamError) { try stream.finish() }

  private func swap<Pattern: FixedWidthInteger & BitwiseCopyable>(
    _ buffer: UnsafeMutableRawBufferPointer, _ count: Int, _: Pattern.Type
  ) {
    for offset in stride(from: 0, to: count, by: MemoryLayout<Pattern>.size) {
      let value = buffer.loadUnaligned(fromByteOffset: offset, as: Pattern.self)
      buffer.storeBytes(of: value.byteSwapped, toByteOffset: offset, as: Pattern.self)
    }
  }
}
