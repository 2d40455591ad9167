/// The cells of a label column, in the order of the rows.
struct TargetPart: Sendable, Equatable {
  /// More different texts are not kept: then the column has numbers to predict, not classes.
  private static let maximumTexts = 1 << 16

  /// A cell by its text and its line, counted from 0 in the part or table.
  struct Cell: Sendable, Equatable {
    var text: String
    var line: Int
  }

  /// The different texts, in the order of their first row.
  private(set) var texts: [String] = []
  /// The index in `texts` of each row. Nil if there are too many different texts.
  private(set) var codes: [UInt16]? = []
  /// The number of each row. Nil if a text is not a number.
  private(set) var numbers: [Float]? = []
  /// The number of cells that are numbers.
  private(set) var numberCount = 0
  /// The number of cells with a decimal comma.
  private(set) var commaCount = 0
  /// The number of cells that can only be names of classes.
  private(set) var nameCount = 0
  /// The number of all cells.
  private(set) var count = 0
  /// True if a number is written with a point or an exponent.
  private(set) var hasFractions = false
  /// The first cell that is not a number.
  private(set) var firstOther: Cell?

  private var known: [String: UInt16] = [:]
  /// The meaning of each of `texts`.
  private var meanings: [LabelText] = []

  /// Adds the cell of the next row.
  mutating func append(_ text: String, line: Int) {
    let meaning: LabelText
    if let code = code(of: text, meaning: LabelText(text)) {
      codes?.append(code)
      meaning = meanings[Int(code)]
    } else {
      meaning = LabelText(text)
    }
    count += 1
    switch meaning {
    case .number(let number, let isWhole):
      numbers?.append(number)
      numberCount += 1
      if !isWhole { hasFractions = true }
      return
    case .decimalComma: commaCount += 1
    case .name: nameCount += 1
    case .unusable: break
    }
    numbers = nil
    if firstOther == nil { firstOther = Cell(text: text, line: line) }
  }

  /// Adds the rows of the next part of the table.
  ///
  /// - Parameter lines: The lines of the table before the part.
  mutating func append(_ part: TargetPart, after lines: Int) {
    count += part.count
    numberCount += part.numberCount
    commaCount += part.commaCount
    nameCount += part.nameCount
    hasFractions = hasFractions || part.hasFractions
    if firstOther == nil, let cell = part.firstOther {
      firstOther = Cell(text: cell.text, line: lines + cell.line)
    }
    if let more = part.numbers { numbers?.append(contentsOf: more) } else { numbers = nil }
    guard let more = part.codes else {
      codes = nil
      return
    }
    var mapped: [UInt16] = []
    for (text, meaning) in zip(part.texts, part.meanings) {
      guard let code = code(of: text, meaning: meaning) else { return }
      mapped.append(code)
    }
    codes?.append(contentsOf: more.map { mapped[Int($0)] })
  }

  /// True if the text of the first row can only be a name, and no other row has it.
  var beginsWithUniqueName: Bool {
    guard case .name? = meanings.first, let codes else { return false }
    return !codes.dropFirst().contains(0)
  }

  /// The integer of each row, if all texts are integers of 64 bits. Of more than 65,536 different
  /// ones, which cannot be classes, the nearest integers that a Float32 has.
  var integers: [Int64]? {
    guard !hasFractions, let numbers else { return nil }
    guard let codes else { return numbers.compactMap { Int64(exactly: $0) } }
    let values = texts.compactMap { Int64($0) }
    guard values.count == texts.count else { return nil }
    return codes.map { values[Int($0)] }
  }

  /// The code of a text, which may be new. Nil if there are too many; then `codes` is nil too.
  private mutating func code(
    of text: String, meaning: @autoclosure () -> LabelText
  ) -> UInt16? {
    if let code = known[text] { return code }
    guard codes != nil, texts.count < Self.maximumTexts else {
      codes = nil
      return nil
    }
    let code = UInt16(texts.count)
    texts.append(text)
    meanings.append(meaning())
    known[text] = code
    return code
  }
}
