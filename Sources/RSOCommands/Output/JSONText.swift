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
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    // Such bytes occur in strings only, where JSON writes a backslash as two.
    return withEscapedBytes(text, prefix: "\\") + "\n"
  }
}
