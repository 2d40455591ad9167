import FoundationEssentials
import RSOSystem

/// Answers for programs.
package enum JSONText {
  /// Returns one JSON object with sorted keys in snake_case, and a newline. NaN and the infinities,
  /// for which JSON has no number, are the strings `nan`, `inf` and `-inf`. A byte of a path that is
  /// not UTF-8, which JSON cannot hold, is its escape as text: `\xFC`.
  package static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return withEscapedBytes(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
  }

  /// Such bytes occur in strings only, where JSON writes a backslash as two.
  private static func withEscapedBytes(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { PathText.byte(carriedBy: $0) != nil }) else {
      return text
    }
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if PathText.byte(carriedBy: scalar) == nil {
        escaped.append(scalar)
      } else {
        escaped.append(contentsOf: ("\\" + printable(String(scalar))).unicodeScalars)
      }
    }
    return String(escaped)
  }
}
