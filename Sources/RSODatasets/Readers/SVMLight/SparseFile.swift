import RSOSystem

/// The samples of a file in svmlight's text form.
struct SparseFile: Sendable {
  /// Bytes of text that are read at a time.
  private static let partSize = 1 << 20
  /// The most bytes of a line.
  private static let longestLine = 1 << 26

  let path: String
  private(set) var lines = SparseLines()

  /// - Parameter limit: The most bytes that the elements may take.
  ///
  /// *Throws:* `SVMLightError`.
  init(_ path: String, limit: Int) throws(SVMLightError) {
    self.path = path
    var input = try Self.reading { () throws(FileReadError) in try InflatedInput(path) }
    var rest: [UInt8] = []
    var hasEnded = false
    var isFirst = true
    while !hasEnded {
      let part = try Self.reading { () throws(FileReadError) in try input.bytes(Self.partSize) }
      if isFirst, let damage = TextDamage(part) { throw .notText(path: path, damage) }
      isFirst = false
      hasEnded = part.count < Self.partSize
      rest += part
      let end = hasEnded ? rest.count : rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      try append(Array(rest[..<end]))
      rest.removeSubrange(..<end)
      guard rest.count <= Self.longestLine else {
        throw .longLine(path: path, limit: Self.longestLine)
      }
      let bytes = lines.values.count * 8 + lines.labels.count * 20
      guard bytes <= limit else { throw .tooLarge(path: path, bytes: bytes, limit: limit) }
    }
    guard !lines.values.isEmpty else { throw .noFeatures(path: path) }
  }

  private mutating func append(_ bytes: [UInt8]) throws(SVMLightError) {
    do throws(SparseFault) { try lines.append(bytes) } catch {
      throw .line(path: path, line: error.line, message: error.message)
    }
  }

  private static func reading<Value: ~Copyable>(
    _ body: () throws(FileReadError) -> Value
  ) throws(SVMLightError) -> Value {
    do throws(FileReadError) { return try body() } catch { throw .file(error) }
  }

  /// The samples with their zeros.
  ///
  /// *Shape:* N x F.
  func samples(_ width: SparseWidth) -> RawSamples {
    var floats = [Float](repeating: 0, count: lines.counts.count * width.features)
    var element = 0
    for (sample, count) in lines.counts.enumerated() {
      let start = sample * width.features - width.first
      for _ in 0..<count {
        floats[start + Int(lines.numbers[element])] = lines.values[element]
        element += 1
      }
    }
    return RawSamples(
      storage: .floats(floats), shape: [lines.counts.count, width.features], name: "features")
  }
}
