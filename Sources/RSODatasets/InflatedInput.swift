import Foundation

/// A file's bytes, inflated if it begins as a gzip file does.
struct InflatedInput: ~Copyable {
  private let file: InputFile
  private var inflater: GzipInflater?
  private let isCompressed: Bool

  init(_ url: URL) throws(DatasetError) {
    let file = try InputFile(url)
    isCompressed = file.holds(GzipInflater.magic, at: 0)
    inflater = isCompressed ? GzipInflater() : nil
    self.file = file
  }

  var path: String { file.path }

  /// The next bytes: fewer than asked for only where the data ends.
  mutating func bytes(_ count: Int) throws(DatasetError) -> [UInt8] {
    var failure: DatasetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
      do throws(DatasetError) {
        filled = try read(into: room)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// What the file's size says against `count` bytes after a header: for a plain file all there is
  /// to say, for a compressed one that it is far too short.
  func contradiction(to count: Int, after header: Int) -> DatasetError.FoundSize? {
    guard isCompressed else {
      return file.size - header == count ? nil : .exactly(file.size - header)
    }
    let (most, overflow) = file.size.multipliedReportingOverflow(by: GzipInflater.largestRatio)
    return overflow || count <= most ? nil : .atMost(most)
  }

  /// Whether the file can have this many bytes: surely, if it is plain; possibly, if compressed.
  func canHold(_ count: Int) -> Bool {
    guard isCompressed else { return count <= file.size }
    let (most, overflow) = file.size.multipliedReportingOverflow(by: GzipInflater.largestRatio)
    return overflow || count <= most
  }

  private mutating func read(
    into room: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) -> Int {
    if let count = try inflater?.read(into: room, from: file) { return count }
    return try file.read(into: room)
  }
}
