/// The meaning of one cell of a label column, taken alone.
enum LabelText: Sendable, Equatable {
  /// A finite number. `isWhole` is true for digits with an optional sign.
  case number(Float, isWhole: Bool)
  /// A number with a decimal comma, `1,5`.
  case decimalComma
  /// A missing value, or a number that is not finite.
  case unusable
  /// Any other text, which can only be the name of a class.
  case name

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var index = 0
    if let number = DecimalText.float(bytes.span, at: &index), index == bytes.count,
      number.isFinite
    {
      self = .number(number, isWhole: Self.isWhole(bytes))
    } else if TableFault.Kind.hasDecimalComma(text) {
      self = .decimalComma
    } else if index == bytes.count, index > 0 {
      self = .unusable
    } else if case .text = TableFault.Kind.notNumber(text) {
      self = .name
    } else {
      self = .unusable
    }
  }

  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.first.map { "+-".utf8.contains($0) } == true ? bytes.dropFirst() : bytes[...]
    return !digits.isEmpty && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }
}
