import RSOSystem

/// Bytes that are read by position: those of an array, or of a file.
protocol ByteSource: ~Copyable {
  /// The number of bytes.
  var size: Int { get }

  /// Returns the bytes of a range, which lies within the size.
  ///
  /// *Throws:* `ZIPError` where a file cannot be read, or has become shorter.
  func bytes(_ range: Range<Int>) throws(ZIPError) -> ArraySlice<UInt8>
}

extension [UInt8]: ByteSource {
  var size: Int { count }

  func bytes(_ range: Range<Int>) throws(ZIPError) -> ArraySlice<UInt8> { self[range] }
}

extension InputFile: ByteSource {
  func bytes(_ range: Range<Int>) throws(ZIPError) -> ArraySlice<UInt8> {
    let bytes: [UInt8]
    do throws(FileReadError) {
      bytes = try self.bytes(range.count, at: range.lowerBound)
    } catch {
      throw ZIPError(problem: error.reason)
    }
    guard bytes.count == range.count else { throw ZIPError(problem: "it has become shorter") }
    return bytes[...]
  }
}
