import RSOSystem

/// A fault in a line or a cell of a table.
struct TableFault: Error, Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case missing(text: String)
    case text(String)
    case tooLarge(text: String)
    case notUTF8
    case strayQuote
    case openQuote
    /// The record has another number of cells.
    case ragged(found: Int, expected: Int)
  }

  var kind: Kind
  /// The line of the file on which the record begins, counted from 1.
  var line: Int
  /// Counted from 0.
  var column: Int
}

extension TableFault.Kind {
  /// Texts that stand for a missing number, in lower case.
  private static let missingTexts: Set<String> = [
    "", "?", "-", "na", "n/a", "nan", "+nan", "-nan", "null", "none",
  ]
  private static let infiniteTexts: Set<String> = [
    "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity",
  ]

  /// The fault of a text where a number is expected.
  static func notNumber(_ text: String) -> Self {
    let word = text.lowercased()
    if missingTexts.contains(word) { return .missing(text: text) }
    return infiniteTexts.contains(word) ? .tooLarge(text: text) : .text(text)
  }

  /// The words after `line 4, column 2 ('width')`.
  ///
  /// - Parameters:
  ///   - label: The value of `--label` that would make this column the label.
  ///   - advice: The words after `not a number`; nil for those about a feature.
  ///   - mayBeName: True for a label that may be meant as the name of a class.
  func message(label: String, advice: String? = nil, mayBeName: Bool = false) -> String {
    let otherwise = mayBeName ? ", or use --task classification if the labels are names" : ""
    return switch self {
    case .missing(""):
      " is empty; fill the cell, or remove the line"
    case .missing(let text):
      " is \(quoted(text)), a missing value; fill in a number, or remove the line" + otherwise
    case .text(let text) where Self.hasDecimalComma(text):
      " is \(quoted(text)); write numbers with a decimal point"
        + (Self.mayHaveThousands(text) ? ", and without a separator of thousands" : "")
        + otherwise
    case .text(let text):
      " is \(quoted(text)), not a number"
        + (advice
          ?? "; if the column is the label, use --label \(label), otherwise remove it or replace its texts "
          + "by numbers")
    case .tooLarge(let text):
      " is \(quoted(text)), not a finite 32-bit number; scale the column, or remove the line"
    case .notUTF8:
      " is not UTF-8 text; convert the file, such as with 'iconv -f LATIN1 -t UTF-8'"
    case .strayQuote:
      " has a quote inside; enclose the cell in quotes and write each inner quote twice"
    case .openQuote:
      " begins with a quote that is never closed"
    case .ragged(let found, let expected):
      " has \(found) cell\(found == 1 ? "" : "s"), expected \(expected) as in the lines before; "
        + "enclose cells that contain the separator in quotes"
    }
  }

  /// True for `1,500`, which may be one and a half or one thousand and five hundred.
  private static func mayHaveThousands(_ text: String) -> Bool {
    text.utf8.suffix(4).first == UInt8(ascii: ",") && text.utf8.last != UInt8(ascii: ",")
  }

  /// True for `1,5`.
  static func hasDecimalComma(_ text: String) -> Bool {
    let allowed = Set("0123456789,+-".utf8)
    return text.utf8.count > 1 && text.utf8.allSatisfy(allowed.contains)
      && text.utf8.count { $0 == UInt8(ascii: ",") } == 1
  }
}
