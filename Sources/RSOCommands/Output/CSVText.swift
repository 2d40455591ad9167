import RSOSystem

/// Comma-separated values by RFC 4180, but with plain newlines. A byte of a path that is not UTF-8 is
/// its escape as text, as in JSON: `\xFC`.
package struct CSVText {
  package private(set) var text: String

  package init(_ header: [String]) {
    text = Self.line(header)
  }

  package mutating func add(_ row: [String]) { text += Self.line(row) }

  private static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    let field = withEscapedBytes(field, prefix: "")
    return field.contains { ",\"\n\r".contains($0) }
      ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }
}

/// Returns a text in which each byte of a path that is not UTF-8 is `prefix` and its escape `\xFC`.
func withEscapedBytes(_ text: String, prefix: String) -> String {
  guard text.unicodeScalars.contains(where: { PathText.byte(carriedBy: $0) != nil }) else {
    return text
  }
  var escaped = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if PathText.byte(carriedBy: scalar) == nil {
      escaped.append(scalar)
    } else {
      escaped.append(contentsOf: (prefix + printable(String(scalar))).unicodeScalars)
    }
  }
  return String(escaped)
}
