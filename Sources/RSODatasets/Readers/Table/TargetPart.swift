/// The cells of a label column, in the order of the rows.
struct TargetPart: Sendable, Equatable {
  /// More different texts are not kept: then the column has numbers to predict, not classes.
  private static let maximumTexts = 1 << 16

  /// The different texts, in the order of their first row.
  private(set) var texts: [String] = []
  /// The index in `texts` of each row. Nil if there are too many different texts.
  private(set) var codes: [UInt16]? = []
  /// The number of each row. Nil if a text is not a number.
  private(set) var numbers: [Float]? = []
  /// True if all texts are integers: digits with an optional sign.
  private(set) var areWhole = true
  private var known: [String: UInt16] = [:]

  mutating func append(_ text: String) {
    if let code = code(of: text) { codes?.append(code) }
    guard numbers != nil else { return }
    let bytes = Array(text.utf8)
    areWhole = areWhole && Self.isWhole(bytes)
    var index = 0
    if let number = DecimalText.float(bytes.span, at: &index), index == bytes.count,
      number.isFinite
    {
      numbers?.append(number)
    } else {
      numbers = nil
      areWhole = false
    }
  }

  /// Adds the rows of the next part of the table.
  mutating func append(_ part: TargetPart) {
    areWhole = areWhole && part.areWhole
    if let more = part.numbers { numbers?.append(contentsOf: more) } else { numbers = nil }
    guard let more = part.codes else {
      codes = nil
      return
    }
    var mapped: [UInt16] = []
    for text in part.texts {
      guard let code = code(of: text) else { return }
      mapped.append(code)
    }
    codes?.append(contentsOf: more.map { mapped[Int($0)] })
  }

  /// The integer of each row, if all texts are integers of 64 bits. Of more than 65,536 different
  /// ones, which cannot be classes, the nearest integers that a Float32 has.
  var integers: [Int64]? {
    guard areWhole, let numbers else { return nil }
    guard let codes else { return numbers.compactMap { Int64(exactly: $0) } }
    let values = texts.compactMap { Int64($0) }
    guard values.count == texts.count else { return nil }
    return codes.map { values[Int($0)] }
  }

  /// The code of a text, which may be new. Nil if there are too many; then `codes` is nil too.
  private mutating func code(of text: String) -> UInt16? {
    if let code = known[text] { return code }
    guard codes != nil, texts.count < Self.maximumTexts else {
      codes = nil
      return nil
    }
    let code = UInt16(texts.count)
    texts.append(text)
    known[text] = code
    return code
  }

  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.first.map { "+-".utf8.contains($0) } == true ? bytes.dropFirst() : bytes[...]
    return !digits.isEmpty && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }
}
