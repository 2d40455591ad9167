import RSOTensorFiles

/// Reads the texts of two entries side by side. A text is its number of bytes (4 bytes, little-endian) and
/// its UTF-8.
enum TextPair {
  /// The longest text, in bytes.
  private static let longest = 1 << 28

  /// *Throws:* `TensorFileError`.
  static func compare(
    _ pair: TensorDifference.Pair, _ first: TensorFile, _ second: TensorFile, count: Int
  ) throws(TensorFileError) -> TextComparison {
    var one = try ElementSource(pair.first, of: first, from: 0)
    var other = try ElementSource(pair.second, of: second, from: 0)
    var comparison = TextComparison()
    for _ in 0..<count {
      comparison.add(
        try text(&one, format: first.format.title), try text(&other, format: second.format.title))
    }
    return comparison
  }

  private static func text(
    _ source: inout ElementSource, format: String
  ) throws(TensorFileError) -> [UInt8] {
    let size = try bytes(4, &source).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= longest else {
      throw TensorFileError(format: format, problem: "a text of \(size) bytes, which is too long")
    }
    return try bytes(size, &source)
  }

  private static func bytes(
    _ count: Int, _ source: inout ElementSource
  ) throws(TensorFileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: TensorFileError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(TensorFileError) { try source.fill(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
