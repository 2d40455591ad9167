import RSOSystem

/// Reads the elements of one tensor from the first to the last: row-major, little-endian, without gaps,
/// whatever their form in the file. Texts are counted; see `TensorStorage.TextForm`.
///
/// A class, because it owns open files and its position.
package final class TensorReader {
  private let stream: any TensorStream
  private let format: String
  private let name: String
  /// Bytes that are still to come; nil for text.
  private var rest: Int?

  init(_ entry: TensorEntry, format: TensorFileFormat) throws(TensorFileError) {
    self.format = format.title
    name = entry.name
    do throws(TensorStreamError) {
      switch entry.content {
      case .unreadable(let problem): throw TensorStreamError(problem: problem)
      case .stored(let storage):
        stream = try Self.stream(of: entry, storage)
        rest = entry.byteCount
      }
    } catch { throw Self.failure(error, format: format.title, name: entry.name) }
  }

  /// Fills the buffer, or its part that holds whole elements; at the end less. The buffer must have room
  /// for one element.
  ///
  /// - Returns: The number of bytes read; 0 at the end.
  ///
  /// *Throws:* `TensorFileError`.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(TensorFileError) -> Int {
    do throws(TensorStreamError) {
      let wanted = min(buffer.count, rest ?? .max)
      let count = try stream.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
      if let left = rest {
        rest = left - count
        // A stream ends only where all elements were read.
        if count == 0, left > 0, wanted > 0 {
          throw TensorStreamError(problem: "its elements end early")
        }
        if left == count { try stream.finish() }
      }
      return count
    } catch { throw Self.failure(error, format: format, name: name) }
  }

  /// Returns the next bytes: all that are left, but at most `count`.
  ///
  /// *Throws:* `TensorFileError`.
  package func bytes(atMost count: Int) throws(TensorFileError) -> [UInt8] {
    var failure: TensorFileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      do throws(TensorFileError) {
        var read = 0
        repeat {
          read = try self.read(into: UnsafeMutableRawBufferPointer(rebasing: room[filled...]))
          filled += read
        } while read > 0
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  private static func failure(
    _ error: TensorStreamError, format: String, name: String
  ) -> TensorFileError {
    let subject = name.isEmpty ? "" : "tensor \(quoted(name)): "
    return TensorFileError(format: format, problem: subject + error.problem)
  }

  // MARK: Streams

  private static func stream(
    of entry: TensorEntry, _ storage: TensorStorage
  ) throws(TensorStreamError) -> any TensorStream {
    let element = entry.type.element ?? .uint8
    if entry.type == .text {
      let stored = try plain(storage)
      return storage.text == .counted
        ? stored : TextStream(stored, storage.text, isBigEndian: storage.isBigEndian)
    }
    guard let strides = storage.strides else {
      let stored = try plain(storage)
      return storage.isBigEndian && element.part.size > 1
        ? SwappedStream(stored, width: element.part.size) : stored
    }
    let gathered = StridedStream(
      try ByteRuns(storage), shape: entry.shape, strides: strides, size: element.size)
    return storage.isBigEndian && element.part.size > 1
      ? SwappedStream(gathered, width: element.part.size) : gathered
  }

  /// The stored bytes from the first to the last.
  private static func plain(
    _ storage: TensorStorage
  ) throws(TensorStreamError) -> any TensorStream {
    switch storage.place {
    case .memory(let bytes): MemoryStream(bytes)
    case .file(let path, let offset):
      try FileStream(path, offset..<offset + storage.size)
    case .member(let member, let skipped):
      try MemberStream(member, skipped: skipped)
    case .varints(let path, let range, let width):
      VarintStream(try FileStream(path, range), width: width)
    case .array(let array, let path, let part): try ArrayStream(array, path: path, part: part)
    }
  }
}
