import RSOSystem

/// Reads a table, plain or gzip, in parts that end with a record.
struct TableChunkReader: ~Copyable {
  private var input: InflatedInput
  /// Bytes of a record whose end is not read yet.
  private var rest: [UInt8] = []
  private var isFirst = true
  private var hasEnded = false
  private let size: Int
  private let limit: Int

  /// - Parameters:
  ///   - size: Bytes of a typical part.
  ///   - limit: The most bytes of one record.
  init(_ path: String, size: Int, limit: Int) throws(FileReadError) {
    input = try InflatedInput(path)
    self.size = size
    self.limit = limit
  }

  /// The number of bytes of the table; nil for a gzip file.
  var exactSize: Int? { input.exactSize }

  /// Returns the next whole records; nil at the end of the table.
  ///
  /// *Throws:* `TableError`.
  mutating func next() throws(TableError) -> [UInt8]? {
    while !hasEnded {
      let more: [UInt8]
      do throws(FileReadError) { more = try input.bytes(size) } catch { throw .file(error) }
      hasEnded = more.count < size
      if isFirst, let damage = TextDamage(more) { throw .notText(path: input.path, damage) }
      isFirst = false
      var bytes = rest
      bytes += more
      if hasEnded {
        rest = []
        return bytes.isEmpty ? nil : bytes
      }
      if let end = Self.endOfRecords(bytes) {
        rest = Array(bytes[end...])
        bytes.removeSubrange(end...)
        return bytes
      }
      guard bytes.count <= limit else { throw .longRecord(path: input.path, limit: limit) }
      rest = bytes
    }
    return nil
  }

  /// The index behind the last line end that is not inside quotes; nil if there is none.
  ///
  /// Quotes that are written twice cancel each other out, so that counting is enough. A table with a
  /// quote where none may be is refused at that quote, which is before any place that it misleads.
  private static func endOfRecords(_ bytes: [UInt8]) -> Int? {
    let bytes = bytes.span
    var isQuoted = false
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
    var index = bytes.count
    while index > 0 {
      index -= 1
      if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
      // The LF of a CR LF may be in the next part; a CR at the end waits for it.
      let isEnd =
        bytes[index] == UInt8(ascii: "\n")
        || (bytes[index] == UInt8(ascii: "\r") && index + 1 < bytes.count
          && bytes[index + 1] != UInt8(ascii: "\n"))
      if isEnd, !isQuoted { return index + 1 }
    }
    return nil
  }
}
