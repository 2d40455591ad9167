/// Signs that bytes are not a table's text.
package enum TextDamage: Sendable, Equatable {
  case utf16
  case zeroByte
  /// Content of another kind, in the words of `ForeignContent`.
  case foreign(String)

  /// - Parameter bytes: The first bytes of a file. Nil for bytes that may be text.
  init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      self = .utf16
    } else if let text = ForeignContent.text(bytes.prefix(ForeignContent.startSize)) {
      self = .foreign(text)
    } else if bytes.contains(0) {
      self = .zeroByte
    } else {
      return nil
    }
  }

  var message: String {
    switch self {
    case .utf16: "it is UTF-16 text; convert it, such as with 'iconv -f UTF-16 -t UTF-8'"
    case .zeroByte: "it has bytes of 0, which no text has"
    case .foreign(let text): "it is \(text)"
    }
  }
}
