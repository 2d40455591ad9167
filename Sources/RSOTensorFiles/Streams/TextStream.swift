/// Texts of a fixed length, delivered as counted UTF-8.
final class TextStream: TensorStream {
  private let stream: any TensorStream
  private let form: TensorStorage.TextForm
  private let isBigEndian: Bool
  private let element: [UInt8]
  private var pending: ArraySlice<UInt8> = []

  init(_ stream: any TensorStream, _ form: TensorStorage.TextForm, isBigEndian: Bool) {
    self.stream = stream
    self.form = form
    self.isBigEndian = isBigEndian
    let size =
      switch form {
      case .counted: 0
      case .characters(let count): 4 * count
      case .bytes(let count): count
      }
    element = [UInt8](repeating: 0, count: size)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TensorStreamError) -> Int {
    var filled = 0
    while filled < buffer.count {
      if pending.isEmpty {
        guard let text = try next() else { break }
        pending = (littleEndian(UInt32(text.count)) + text)[...]
      }
      let part = pending.prefix(buffer.count - filled)
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: part)
      pending = pending.dropFirst(part.count)
      filled += part.count
    }
    return filled
  }

  func finish() throws(TensorStreamError) { try stream.finish() }

  /// The UTF-8 of the next text; nil at the end.
  private func next() throws(TensorStreamError) -> [UInt8]? {
    var bytes = element
    var failure: TensorStreamError?
    let count = bytes.withUnsafeMutableBytes { room in
      do throws(TensorStreamError) { return try stream.read(into: room) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    guard count == bytes.count, count > 0 else {
      guard count == 0 else { throw TensorStreamError(problem: "its texts end early") }
      return nil
    }
    if case .bytes = form {
      while bytes.last == 0 { bytes.removeLast() }
      return bytes
    }
    return try Self.characters(bytes, isBigEndian: isBigEndian)
  }

  private static func characters(
    _ bytes: [UInt8], isBigEndian: Bool
  ) throws(TensorStreamError) -> [UInt8] {
    var text = String.UnicodeScalarView()
    for start in stride(from: 0, to: bytes.count, by: 4) {
      let word = bytes[start..<start + 4]
      let value = (isBigEndian ? Array(word) : word.reversed()).reduce(UInt32(0)) {
        $0 << 8 | UInt32($1)
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw TensorStreamError(problem: "its text has an invalid character")
      }
      text.append(scalar)
    }
    while text.last == "\0" { text.removeLast() }
    return Array(String(text).utf8)
  }
}
