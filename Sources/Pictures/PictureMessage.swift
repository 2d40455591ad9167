/// The messages between `PictureProcess` and `PictureProgram`, as bytes.
///
/// A question is the length of a file in 8 bytes, then the file. An answer is a header of 16 bytes, then
/// the picture's bytes or the words of a failure. Numbers are stored low byte first.
enum PictureMessage {
  /// The longest file of a picture, and the most bytes of a picture.
  static let maximumBytes = 1 << 28
  static let headerSize = 16
  /// The longest words of a failure.
  static let maximumWords = 1 << 10

  static func question(_ file: [UInt8]) -> [UInt8] { number(file.count, bytes: 8) + file }

  static func answer(_ result: Result<Picture, PictureFailure>) -> [UInt8] {
    switch result {
    case .success(let picture):
      let flags = (picture.hadAlpha ? 1 : 0) | (picture.hadDepth ? 2 : 0)
      return [1, UInt8(picture.channels), UInt8(flags), 0] + number(picture.width, bytes: 4)
        + number(picture.height, bytes: 4) + number(picture.bytes.count, bytes: 4)
        + picture.bytes
    case .failure(let failure):
      let words = Array(failure.reason.utf8.prefix(maximumWords))
      return [0, 0, 0, 0] + number(0, bytes: 8) + number(words.count, bytes: 4) + words
    }
  }

  /// The size of the answer that begins at `start`; nil if there is none.
  static func size(_ bytes: [UInt8], at start: Int) -> Int? {
    guard start >= 0, bytes.count - start >= headerSize else { return nil }
    let size = headerSize + number(bytes[(start + 12)..<(start + 16)])
    return bytes.count - start >= size ? size : nil
  }

  /// Reads a whole answer. Nil if it contradicts itself.
  static func result(_ answer: ArraySlice<UInt8>) -> Result<Picture, PictureFailure>? {
    let answer = Array(answer)
    guard size(answer, at: 0) == answer.count else { return nil }
    let body = answer.dropFirst(headerSize)
    guard answer[0] == 1 else {
      guard body.count <= maximumWords else { return nil }
      return .failure(PictureFailure(reason: String(decoding: body, as: UTF8.self)))
    }
    let channels = Int(answer[1])
    let (width, height) = (number(answer[4..<8]), number(answer[8..<12]))
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard [1, 3].contains(channels), !overflow, area > 0, area <= maximumBytes,
      body.count == area * channels
    else { return nil }
    var picture = Picture(width: width, height: height, channels: channels, bytes: Array(body))
    picture.hadAlpha = answer[2] & 1 != 0
    picture.hadDepth = answer[2] & 2 != 0
    return .success(picture)
  }

  static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  private static func number(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
