import FoundationEssentials

/// Answers for programs.
package enum JSONText {
  /// Returns one JSON object with sorted keys in snake_case, and a newline. NaN and the infinities,
  /// for which JSON has no number, are the strings `nan`, `inf` and `-inf`.
  package static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
