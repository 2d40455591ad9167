/// The bytes of a file, inflated if it begins as a gzip file does.
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

  /// The number of uncompressed bytes; nil for a gzip file, which does not tell before it was read.
  package var exactSize: Int? { isCompressed ? nil : file.size }

  /// The most uncompressed bytes that a file of this size can hold. Take memory for no more.
  package var largestSize: Int {
    guard isCompressed else { return file.size }
    let (most, overflow) = file.size.multipliedReportingOverflow(by: Deflate.largestRatio)
    return overflow ? .max : most
  }

  /// Returns the next bytes: fewer than `count` only where the data end.
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

  private mutating func read(
    into room: UnsafeMutableRawBufferPointer
  ) throws(FileReadError) -> Int {
    if let count = try inflater?.read(into: room, from: file) { return count }
    return try file.read(into: room)
  }
}
