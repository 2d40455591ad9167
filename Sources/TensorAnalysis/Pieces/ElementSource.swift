import RSOSystem
import RSOTensorFiles

/// The elements of an entry from a position on. Those that lie in a file as they are delivered can be read
/// from any position; the others are read from the first to the last.
struct ElementSource: ~Copyable {
  private let file: InputFile?
  private var position = 0
  private var reader: TensorReader?
  private let format: String
  private let name: String

  /// - Parameter offset: The first byte that is read; 0 unless the entry has a plain range.
  ///
  /// *Throws:* `TensorFileError`.
  init(_ entry: TensorEntry, of owner: TensorFile, from offset: Int) throws(TensorFileError) {
    (format, name) = (owner.format.title, entry.name)
    guard let plain = entry.storage?.plainRange else {
      reader = try owner.reader(of: entry)
      file = nil
      return
    }
    position = plain.range.lowerBound + offset
    do throws(FileReadError) { file = try InputFile(plain.path) } catch {
      throw TensorFileError(format: owner.format.title, problem: error.reason)
    }
  }

  /// Fills the buffer.
  ///
  /// *Throws:* `TensorFileError`, also where the elements end early.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(TensorFileError) {
    guard try read(into: buffer) == buffer.count else {
      throw failure("the file has become shorter")
    }
  }

  /// Fills the buffer, except at the end of a text's elements.
  ///
  /// - Returns: The number of bytes.
  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(TensorFileError) -> Int {
    do throws(FileReadError) {
      if let count = try file?.read(into: buffer, at: position) {
        position += count
        return count
      }
    } catch { throw failure(error.reason) }
    guard let reader else { return 0 }
    var filled = 0
    while filled < buffer.count {
      let count = try reader.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  private func failure(_ problem: String) -> TensorFileError {
    TensorFileError(format: format, problem: "tensor \(quoted(name)): \(problem)")
  }
}
