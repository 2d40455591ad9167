/// A file that is open for reading. A gzip file is inflated while it is read.
package struct InflatedInput: ~Copyable {
  private let file: InputFile
  private var inflater: GzipInflater?
  package let isCompressed: Bool

  /// Opens a file.
  ///
  /// *Throws:* `FileReadError.cannotOpen`.
  package init(_ path: String) throws(FileReadError) {
    let file = try InputFile(path)
    isCompressed = file.holds(GzipInflater.magic, at: 0)
    inflater = isCompressed ? GzipInflater() : nil
    self.file = file
  }

  package var path: String { file.path }

  /// The number of uncompressed bytes; nil for a gzip file, whose size is known only at its end.
  package var exactSize: Int? { isCompressed ? nil : file.size }

  /// An upper bound of the number of uncompressed bytes. Allocate no more than that.
  package var largestSize: Int {
    guard isCompressed else { return file.size }
    let (most, overflow) = file.size.multipliedReportingOverflow(by: Deflate.largestRatio)
    return overflow ? .max : most
  }

  /// Returns the next `count` bytes; fewer at the end of the data.
  ///
  /// *Throws:* `FileReadError.cannotRead`, `.damaged`.
  package mutating func bytes(_ count: Int) throws(FileReadError) -> [UInt8] {
    var failure: FileReadError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      do throws(FileReadError) { filled = try read(into: room) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Reads until the buffer is full or the data end.
  ///
  /// - Returns: The number of bytes read.
  ///
  /// *Throws:* `FileReadError.cannotRead`, `.damaged`.
  package mutating func read(
    into room: UnsafeMutableRawBufferPointer
  ) throws(FileReadError) -> Int {
    if let count = try inflater?.read(into: room, from: file) { return count }
    return try file.read(into: room)
  }
}
