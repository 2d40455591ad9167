/// Signs that bytes are not a table's text.
package enum TextDamage: Sendable, Equatable {
  case utf16
  case zeroByte
  case markup
  case gitLFS

  /// Nil for bytes that may be text.
  init?(_ bytes: [UInt8]) {
    let signs: [([UInt8], TextDamage)] = [
      ([0xFF, 0xFE], .utf16), ([0xFE, 0xFF], .utf16),
      (Array("<!DOCTYPE".utf8), .markup), (Array("<html".utf8), .markup),
      (Array("<?xml".utf8), .markup),
      (Array("version https://git-lfs".utf8), .gitLFS),
    ]
    if let sign = signs.first(where: { bytes.starts(with: $0.0) }) {
      self = sign.1
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
    case .markup: "it is a web page, not the file itself; get it again"
    case .gitLFS: "it is only a pointer of Git LFS; get the file with 'git lfs pull'"
    }
  }
}
