/// Returns a text that is safe for a terminal and a log: control characters and invisible
/// characters are escaped.
///
/// - A byte of a path that is not UTF-8 (see `PathText`): `\xFC`.
/// - Control characters: `\t`, `\n`, `\r`, `\x1B`, `\x7F`, `\u{85}`.
/// - Line separators and characters that change the direction of writing: `\u{202E}`.
///
/// - Parameter limit: The largest number of Unicode scalars shown; `...` replaces the rest.
package func printable(_ text: String, limit: Int = .max) -> String {
  let scalars = text.unicodeScalars
  guard scalars.contains(where: { escape($0) != nil }) || scalars.count > limit else { return text }
  var shown = String.UnicodeScalarView()
  for scalar in scalars.prefix(limit) {
    if let escape = escape(scalar) {
      shown.append(contentsOf: escape.unicodeScalars)
    } else {
      shown.append(scalar)
    }
  }
  return String(shown) + (scalars.count > limit ? "..." : "")
}

/// Returns a text from a file for a message: printable, in single quotes, of at most 80 scalars.
package func quoted(_ text: String) -> String { "'\(printable(text, limit: 80))'" }

/// Returns the escape of a scalar; nil for one that is shown unchanged.
private func escape(_ scalar: Unicode.Scalar) -> String? {
  if let byte = PathText.byte(carriedBy: scalar) {
    return "\\x" + hexadecimal([byte]).uppercased()
  }
  switch scalar.value {
  case 0x09: return "\\t"
  case 0x0A: return "\\n"
  case 0x0D: return "\\r"
  case ..<0x20, 0x7F: return "\\x" + hexadecimal([UInt8(scalar.value)]).uppercased()
  case 0x80..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
    return "\\u{\(String(scalar.value, radix: 16).uppercased())}"
  default: return nil
  }
}
